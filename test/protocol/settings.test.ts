import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../server/protocol/settings.ts';
import { namedSettings } from '../../server/score/settings.ts';

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<
        Record<
          string,
          { readonly default: unknown; readonly markdownDescription?: string; readonly scope?: string }
        >
      >;
    }[];
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}

const manifest = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as unknown as Manifest;
const properties = Object.assign(
  {},
  ...manifest.contributes.configuration.map((section) => section.properties),
) as Manifest['contributes']['configuration'][number]['properties'];

/** `{ 'archlens.a.b': 1 }` as the section a client sends: `{ a: { b: 1 } }`. */
function section(values: Readonly<Record<string, unknown>>): unknown {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.').slice(1);
    let node = root;
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Record<string, unknown>;
    node[keys.at(-1)!] = value;
  }
  return root;
}

describe('package.json', () => {
  test('has fewer than 32 settings, each described and with a scope', () => {
    expect(Object.keys(properties).length).toBeLessThan(32);
    for (const [name, { markdownDescription, scope }] of Object.entries(properties)) {
      expect(name).toMatch(/^archlens\./);
      expect(markdownDescription, name).toMatch(/\.(\)|$)/);
      expect(scope, name).toMatch(/^(resource|window|machine|machine-overridable)$/);
    }
  });

  test('declares the defaults the server has', () => {
    const declared = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, property.default]),
    );
    expect(readSettings(section(declared))).toEqual(readSettings(undefined));
  });

  test('restricts the settings that choose an executable or resources', () => {
    const restricted = Object.keys(properties).filter((name) => name.startsWith('archlens.engine.'));
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(restricted);
    expect(properties['archlens.engine.nodePath']?.scope).toBe('machine');
  });
});

test('without settings: settled', () => {
  const { settings, refused } = readSettings(undefined);
  expect(refused).toEqual([]);
  expect(settings.score.final).toEqual({ name: 'settled', settings: namedSettings.settled });
});

test('overrides make a custom setting', () => {
  const { settings } = readSettings({
    score: { setting: 'settled', seeds: 2, seed: 7, softmax: 'normalised:3', estimator: 'exact' },
  });
  expect(settings.score.final).toEqual({
    name: 'custom',
    settings: {
      ...namedSettings.settled,
      seeds: 2,
      seed: 7,
      softmax: { kind: 'normalised', temperature: 3 },
      estimator: { kind: 'exact' },
    },
  });
});

test('norms and tensors', () => {
  const { settings, refused } = readSettings({ score: { norm: 'calibrated', tensors: 'spread' } });
  const kind = { norm: 'calibrated', tensors: 'spread' };
  expect(settings.score.final).toEqual({ name: 'custom', settings: { ...namedSettings.settled, ...kind } });
  const released = readSettings({ score: { norm: 'released-mbv2' } }).settings.score;
  expect(released.final.settings).toMatchObject({ norm: 'released-mbv2', tensors: 'random' });
  expect(refused).toEqual([]);
  expect(readSettings({ score: { norm: 'train' } }).refused.join()).toMatch(
    /archlens\.score\.norm is "train": .*"eval" \| "calibrated" \| "released-mbv2"/,
  );
});

test('the live setting is the first draws of settled', () => {
  const { settings } = readSettings({ score: { setting: 'live', samples: 128 } });
  expect(settings.score.final.settings.samples).toBe(128);
  expect({ ...namedSettings.live, seeds: namedSettings.settled.seeds }).toEqual(namedSettings.settled);
});

test('a refused setting is named and has its default; the others are kept', () => {
  const { settings, refused } = readSettings({
    engine: { threads: 'many', choice: 'tfjs-wasm' },
    score: { estimator: 'sketchy', seeds: 2.5, debounce: 20 },
    codeLens: 'no',
  });
  expect(refused.map((line) => line.split(' ')[0])).toEqual([
    'archlens.score.estimator',
    'archlens.score.seeds',
    'archlens.engine.threads',
  ]);
  expect(settings.engine).toMatchObject({ threads: 0, choice: 'tfjs-wasm' });
  expect(settings.score.debounce).toBe(20);
  expect(settings.score.final.name).toBe('settled');
  expect(settings.codeLens).toBe(true);
});

test('severities are read by code; what is no code or severity is named', () => {
  const { settings, refused } = readSettings({
    diagnostics: {
      severity: {
        'unused-block': 'off',
        'dead-edge': 'information',
        'unused-name': 'loud',
        'no-such': 'hint',
      },
    },
  });
  expect([...settings.severities]).toEqual([
    ['unused-block', 'off'],
    ['dead-edge', 'info'],
  ]);
  expect(refused).toHaveLength(2);
  expect(refused[0]).toMatch(/unused-name is "loud": expected error, warning/);
  expect(refused[1]).toMatch(/"no-such": there is no such code/);
});
