// What is said of the Node that the command line needs is what package.json asks for, and what the bundles are built for.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..', '..');
const [least] = /\d+/.exec(manifest.engines.node)!;

test.each(['README.md', 'CONTRIBUTING.md', 'docs/editors.md'])('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const versions = [...text.matchAll(/Node (\d+) or newer/g)].map(([, version]) => version);
  expect(versions.length).toBeGreaterThan(0);
  expect(new Set(versions)).toEqual(new Set([least]));
});

test('the setting of the engine', () => {
  const settings = JSON.stringify(manifest.contributes.configuration);
  expect(/Node\.js executable \((\d+) or newer\)/.exec(settings)?.[1]).toBe(least);
});

test('the bundles', () => {
  const targets = readFileSync(join(root, 'scripts/build.mjs'), 'utf8').matchAll(/target: 'node(\d+)'/g);
  expect([...targets].map(([, version]) => version)).toEqual([least]);
});
