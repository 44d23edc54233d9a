import type { Binding, TensorJob } from '../../server/engine/engine.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import type { Network } from '../../server/network/network.ts';
import type { ScoreSettings } from '../../server/score/types.ts';

/** The first pass of the Jacobian of a network, on noise. */
export function jacobianJob(network: Network, settings: ScoreSettings): TensorJob {
  const plan = planJacobian(network, settings);
  const program = plan.passes[0]!.program({ seed: 0 });
  const bindings: Record<string, Binding> = {};
  for (const { op, shape } of program.nodes)
    if (op.op === 'input')
      bindings[op.name] = {
        shape: [settings.samples, ...shape.slice(1)],
        source: { kind: 'normal', name: op.name, std: 1 },
      };
  return { program, chunks: settings.samples / plan.batch, bindings, seed: 3 };
}
