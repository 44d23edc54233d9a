import { paramSource } from '../network/op.ts';
import { materialise } from '../tensor/materialise.ts';
import { count } from '../tensor/shapes.ts';
import { overSeeds, type Proxy } from './proxy.ts';

/**
 * Σ over convolutions and linear layers of ‖W‖₂, the weights as drawn, without biases and norms (Abdelfattah et al.,
 * Zero-Cost Proxies for Lightweight NAS, ICLR 2021). With Kaiming weights nearly √(2 · outputs) a layer: a count of layers,
 * weighted by their width.
 */
export const l2Norm: Proxy = {
  name: 'l2_norm',
  title: 'L2 norm',
  source: 'Abdelfattah et al., ICLR 2021',
  better: 'higher',
  inputs: 'weights',
  norm: 'none',
  cost: 'drawing the weights',
  measure: (context) =>
    overSeeds(context, (seed) => {
      let sum = 0;
      for (const { params } of context.network.nodes)
        for (const { name, shape, init } of params) {
          if (init.kind !== 'kaiming') continue;
          const values = materialise(paramSource(name, init), shape, seed, 'float32');
          let squares = 0;
          for (let index = 0; index < count(shape); index += 1) squares += values[index]! ** 2;
          sum += Math.sqrt(squares);
        }
      return sum;
    }),
};
