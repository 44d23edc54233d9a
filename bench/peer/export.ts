import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseWeights } from '../../server/fisher/chosen-weights.ts';
import { signsInput } from '../../server/fisher/cotangents.ts';
import type { ScoreSettings } from '../../server/fisher/settings.ts';
import { lower } from '../../server/network/lower.ts';
import type { Network } from '../../server/network/network.ts';
import { paramSource } from '../../server/network/op.ts';
import { materialise } from '../../server/tensor/materialise.ts';
import { unravel } from '../../server/tensor/array.ts';

/** Writes a network with all its numbers, as `peer.py` reads it: the same that the engine draws from this seed. */
export function exportNetwork(
  network: Network,
  settings: Pick<ScoreSettings, 'samples' | 'weights' | 'tensors' | 'indexSets'>,
  seed: number,
  folder: string,
): void {
  const { samples, indexSets } = settings;
  const weights: Record<string, readonly [number, readonly number[]]> = {};
  const pieces: Float32Array[] = [];
  let offset = 0;
  for (const { params } of network.nodes) {
    for (const { name, init, shape } of params) {
      const values = materialise(paramSource(name, init), shape, seed);
      weights[name] = [offset, shape];
      pieces.push(values);
      offset += values.length;
    }
  }
  const chosen = chooseWeights(lower(network, { batch: 1 }).params, settings, seed).map(
    ({ param, elements }) => [param.name, elements.map((element) => unravel(element, param.shape))] as const,
  );
  const description = {
    input: network.inputShape,
    classes: network.classes,
    samples,
    indexSets,
    output: network.output,
    nodes: network.nodes.map(({ op, args, inputs, params, shape }) => ({
      op,
      args,
      inputs,
      shape,
      params: params.map(({ name }) => name),
    })),
    weights,
    chosen,
  };
  writeFileSync(join(folder, 'network.json'), JSON.stringify(description));
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(pieces.map(bytesOf)));
  const inputs = materialise(
    { kind: 'normal', name: 'samples', std: 1 },
    [samples, ...network.inputShape],
    seed,
  );
  writeFileSync(join(folder, 'samples.bin'), bytesOf(inputs));
  const signs = materialise(
    { kind: 'signs', name: signsInput, scale: 1 },
    [samples, 1, network.classes],
    seed,
  );
  writeFileSync(join(folder, 'signs.bin'), bytesOf(signs));
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
