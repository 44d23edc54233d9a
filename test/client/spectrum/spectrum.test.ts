import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../client/spectrum/protocol.ts';
import { stateFormat } from '../../../client/spectrum/state-format.ts';
import { versionName, Versions } from '../../../client/spectrum/versions.ts';
import type { PictureAnswer } from '../../../server/protocol/pictures.ts';
import { picture } from '../../plot/support/pictures.ts';

const net = { uri: 'file:///net.arch', model: 'Net' };

function answer(key: string, change: Partial<PictureAnswer> = {}): PictureAnswer {
  const { origin } = picture();
  return {
    state: 'current',
    title: '',
    picture: picture({ origin: { ...origin, key } }),
    contributions: { state: 'current' },
    ...change,
  };
}

/** What the editor keeps for a workspace. */
function storage() {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T) => (kept.has(key) ? (kept.get(key) as T) : otherwise),
    update: (key: string, value: unknown) => {
      kept.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}

const keys = (versions: Versions, target = net): string[] =>
  versions.of(target).map((version) => version.picture.origin.key);

describe('earlier versions', () => {
  test('are settled scores, each once, the latest first', () => {
    const versions = new Versions(storage());
    versions.record(net, answer('a', { state: 'refining' }));
    versions.record(net, answer('b'));
    versions.record(net, answer('c'));
    versions.record(net, answer('b'));
    expect(keys(versions)).toEqual(['c', 'b']);
    expect(keys(versions, { ...net, uri: 'file:///other.arch' })).toEqual([]);
  });

  test('outlive the window, without their ops', () => {
    const kept = storage();
    new Versions(kept).record(net, answer('a'));
    const [version] = new Versions(kept).of(net);
    expect(version?.picture.deciles).toEqual(picture().deciles);
    expect(version?.picture.contributions.ops).toEqual([]);
  });

  test('are the last twelve of a model, whatever others do', () => {
    const versions = new Versions(storage());
    versions.record({ ...net, uri: 'file:///other.arch' }, answer('other'));
    for (let count = 0; count < 20; count += 1) versions.record(net, answer(String(count)));
    expect(keys(versions)).toHaveLength(12);
    expect(keys(versions)[0]).toBe('19');
    expect(keys(versions, { ...net, uri: 'file:///other.arch' })).toEqual(['other']);
  });

  test('are named by the time, and by the day when it is another', () => {
    const noon = new Date(2026, 4, 6, 12, 30);
    const version = { uri: net.uri, picture: picture(), time: noon.getTime() };
    const sameDay = versionName(version, new Date(2026, 4, 6, 18));
    expect(sameDay).toMatch(/^Net, 12:30/);
    expect(versionName(version, new Date(2026, 4, 7))).not.toBe(sameDay);
  });
});

describe('what a page kept', () => {
  const view = {
    target: net,
    file: 'net.arch',
    locked: true,
    overlays: [{ id: 'a', name: 'Net, 10:42', picture: picture() }],
  };

  test('is read back', () => {
    expect(viewOf({ format: stateFormat, view, toggled: [], order: 'depth' })).toEqual(view);
    const without = { file: view.file, locked: view.locked, overlays: view.overlays };
    expect(viewOf({ format: stateFormat, view: without })).toEqual(without);
  });

  test('is not, when it is of another format or no state at all', () => {
    expect(viewOf({ format: stateFormat + 1, view })).toBeUndefined();
    expect(viewOf(undefined)).toBeUndefined();
    expect(viewOf({ format: stateFormat, view: { ...view, overlays: [{ id: 1 }] } })).toBeUndefined();
  });
});
