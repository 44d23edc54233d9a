// Networks on their way to the thread that scores.
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { Project } from '../../server/language/project.ts';
import type { Network } from '../../server/network/network.ts';
import { readSettings } from '../../server/protocol/settings.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { ScoreThread } from '../../server/scoring/score-thread.ts';
import type { ToScoreThread } from '../../server/scoring/score-thread-protocol.ts';
import { SentNetworks } from '../../server/scoring/sent-networks.ts';

const uri = 'file:///work/main.arch';

/** A file whose text may change, and the networks in it. */
function fileOf(text: string) {
  let now = text;
  const project = new Project({ read: (asked) => (asked === uri ? now : undefined) });
  return {
    network: (name: string): Network =>
      project.analyse(uri).models.find((model) => model.name === name)!.network!,
    become: (next: string): void => {
      now = next;
      project.invalidate(uri);
    },
  };
}

const modelOf = (name: string, width: number): string =>
  `model ${name} { input 8x8x3 classes 4 conv(${width}, 3x3) -> bn -> relu -> conv(8, 3x3) -> relu -> gap -> dense(classes) }\n`;

afterEach(() => {
  vi.restoreAllMocks();
});

it('sends a network once, for scores, a look inside and proxies, also when its text has moved', async () => {
  const post = vi.spyOn(Worker.prototype, 'postMessage');
  const carrying = (): number =>
    post.mock.calls.filter(([message]) => JSON.stringify(message).includes('"nodes":[')).length;
  const { engine } = readSettings(undefined).settings;
  const thread = new ScoreThread(
    { engine: { ...engine, choice: 'onnx-cpu', threads: 1 }, store: { limit: 0 } },
    () => undefined,
  );
  try {
    const text = `${modelOf('A', 8)}${modelOf('B', 4)}`;
    const file = fileOf(text);
    const network = file.network('A');
    const settings = { ...namedSettings.live, seeds: 2 };
    expect(await thread.stored(network, settings)).toBeUndefined();
    expect(await thread.score(network, namedSettings.live)).toMatchObject({ state: 'ok' });
    const score = await thread.score(network, settings);
    if (score.state === 'failed') throw new Error(score.message);
    file.become(`// A comment.\n${text}`);
    const moved = file.network('A');
    expect(moved).not.toBe(network);
    expect(await thread.insight(moved, score)).toMatchObject({ state: 'ok' });
    expect((await thread.proxies(moved, ['naswot'], settings)).values).toHaveProperty('naswot');
    expect(await thread.stored(moved, settings)).toEqual(score);
    expect(carrying()).toBe(1);

    expect(await thread.score(file.network('B'), settings)).toMatchObject({ state: 'ok' });
    expect(carrying()).toBe(2);

    // Another thread has nothing yet.
    await thread.dispose();
    expect(await thread.score(moved, settings)).toMatchObject({ state: 'ok', vkdnw: score.vkdnw });
    expect(carrying()).toBe(3);
  } finally {
    await thread.dispose();
  }
});

it('has the thread forget the networks that were used longest ago, and sends them anew', () => {
  const sent: string[] = [];
  const tell = (message: ToScoreThread): void => {
    if (message.type === 'network' || message.type === 'forget')
      sent.push(`${message.type} ${message.number}`);
  };
  const [a, b, c] = [2, 3, 4].map((width) => fileOf(modelOf('M', width)).network('M'));
  const size = a!.nodes.length;
  const networks = new SentNetworks(tell, 2 * size);
  expect([a, b, a, b, a].map((network) => networks.numberOf(network!))).toEqual([1, 2, 1, 2, 1]);
  expect(networks.numberOf(c!)).toBe(3);
  expect(networks.numberOf(a!)).toBe(1);
  expect(networks.numberOf(b!)).toBe(4);
  expect(sent).toEqual(['network 1', 'network 2', 'forget 2', 'network 3', 'forget 3', 'network 4']);
});

it('sends a network once that is larger than all that is kept', () => {
  const send = vi.fn();
  const network = fileOf(modelOf('M', 2)).network('M');
  const networks = new SentNetworks(send, 2);
  expect(networks.numberOf(network)).toBe(networks.numberOf(network));
  expect(send).toHaveBeenCalledTimes(1);
});
