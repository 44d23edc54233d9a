import type { Network } from '../../../server/network/network.ts';
import type { ProxyContext } from '../../../server/proxies/proxy.ts';
import type { Score } from '../../../server/score/types.ts';
import { interpret, materialise } from '../../../server/tensor/interpret.ts';
import type { Numbers } from '../../../server/tensor/array.ts';

/** What proxies ask an engine for, computed by the interpreter in float64. */
export function contextOf(own: Network, seeds: readonly number[] = [0]): ProxyContext {
  return {
    network: own,
    seeds,
    score: () => Promise.resolve({ vkdnw: 1.5, single: 7.5 } as Score),
    run: ({ program, bindings, chunks, seed }) => {
      const whole = Object.entries(bindings).map(([name, { source, shape }]) => ({
        name,
        values: materialise(source, shape, seed, 'float64'),
      }));
      const runs = Array.from({ length: chunks }, (_, chunk) => {
        const rows = whole.map(({ name, values }): [string, Numbers] => {
          const length = values.length / chunks;
          return [name, values.subarray(chunk * length, (chunk + 1) * length)];
        });
        return interpret(program, Object.fromEntries(rows), { seed });
      });
      const joined = program.outputs.map(({ name }) => {
        const [first, ...rest] = runs.map((outputs) => outputs[name]!);
        const shape = [chunks * first!.shape[0]!, ...first!.shape.slice(1)];
        const data = Float32Array.from([first!, ...rest].flatMap((output) => [...output.data]));
        return [name, { shape, data }];
      });
      return Promise.resolve(Object.fromEntries(joined));
    },
  };
}
