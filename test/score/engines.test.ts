import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleJacobian } from '../../server/fisher/sample.ts';
import { Project } from '../../server/language/project.ts';
import type { Network } from '../../server/network/network.ts';
import { totals } from '../../server/network/totals.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { CountingEngine } from './support/engine.ts';

/** Larger ones, with kinks on which float32 engines may differ, are compared in `test/engine/agreement.test.ts`. */
const reasonable = 60e6;

const settings: ScoreSettings = { ...namedSettings.live, samples: 4, indexSets: 2 };

const folder = join(import.meta.dirname, '../../examples');
const project = new Project({
  read: (uri) => {
    try {
      return readFileSync(new URL(uri), 'utf8');
    } catch {
      return undefined;
    }
  },
});
const networks = readdirSync(folder)
  .filter((name) => name.endsWith('.arch'))
  .flatMap((name) => project.analyse(pathToFileURL(join(folder, name)).href).models)
  .flatMap(({ network }) => (network === undefined ? [] : [network]))
  .filter((network) => totals(network).macs <= reasonable)
  .map((network): [string, Network] => [network.name, network]);

describe('onnx-cpu and tfjs-wasm', () => {
  const onnx = new CountingEngine('onnx-cpu');
  const wasm = new CountingEngine('tfjs-wasm');
  afterAll(async () => {
    await Promise.all([onnx.dispose(), wasm.dispose()]);
  });

  it('have examples to agree on', () => {
    expect(networks.length).toBeGreaterThanOrEqual(2);
  });

  it.each(networks)('agree on the Jacobian of %s', { timeout: 300_000 }, async (_, network) => {
    const [a, b] = await Promise.all(
      [onnx, wasm].map((engine) => sampleJacobian(engine, network, settings, 0)),
    );
    expect(a!.engine.name).toBe('onnx-cpu');
    expect(b!.engine.name).toBe('tfjs-wasm');
    const [x, y] = [a!.jacobian.parts[0]!.data, b!.jacobian.parts[0]!.data];
    const differences = Array.from(
      x,
      (value, index) => Math.abs(value - y[index]!) / Math.max(Math.abs(value), Number.MIN_VALUE),
    ).filter((_, index) => x[index] !== 0 || y[index] !== 0);
    expect(differences.length).toBeGreaterThan(x.length / 4);
    expect(median(differences)).toBeLessThan(1e-4);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((p, q) => p - q)[Math.floor(values.length / 2)]!;
}
