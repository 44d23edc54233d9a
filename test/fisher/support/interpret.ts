import type { JacobianPart, SampledJacobian } from '../../../server/fisher/jacobian.ts';
import { signsInput } from '../../../server/fisher/cotangents.ts';
import type { Draw, JacobianPlan } from '../../../server/fisher/plan.ts';
import { SAMPLES_INPUT, STATISTICS_OUTPUT } from '../../../server/network/lower.ts';
import type { Network } from '../../../server/network/network.ts';
import type { ScoreSettings } from '../../../server/score/types.ts';
import { interpret, materialise } from '../../../server/tensor/interpret.ts';
import type { Source } from '../../../server/tensor/ir.ts';

export interface DrawSeeds {
  readonly weights: number;
  /** Default: as `weights`. */
  readonly signs?: number;
}

/** What `sampleJacobian` asks an engine for, computed by the interpreter in float64. */
export function interpretJacobian(
  network: Network,
  settings: ScoreSettings,
  plan: JacobianPlan,
  seeds: DrawSeeds,
  input: Source = { kind: 'normal', name: 'samples', std: 1 },
): SampledJacobian {
  const { samples, indexSets } = settings;
  const values = draw(input, [samples, ...network.inputShape], seeds.weights);
  const signs = draw(
    {
      kind: 'signs',
      name: 'signs',
      scale: settings.estimator.kind === 'sketch' ? settings.estimator.signs ** -0.5 : 1,
    },
    [samples, plan.lanes, network.classes],
    seeds.signs ?? seeds.weights,
  );
  const own = drawOf(plan, seeds.weights, values);
  const logits = new Float64Array(samples * network.classes);
  const parts = plan.passes.map((pass): JacobianPart => {
    const width = (pass.lanes.to - pass.lanes.from) * indexSets * (pass.weights.to - pass.weights.from);
    const data = new Float64Array(samples * width);
    const program = pass.program(own);
    for (let from = 0; from < samples; from += plan.batch) {
      const outputs = interpret(
        program,
        {
          [SAMPLES_INPUT]: chunk(values, samples, from, plan.batch),
          [signsInput]: chunk(signs, samples, from, plan.batch),
        },
        { seed: seeds.weights },
      );
      logits.set(outputs['logits']!.data, from * network.classes);
      data.set(outputs['jacobian']!.data, from * width);
    }
    return { lanes: pass.lanes, weights: pass.weights, data };
  });
  return {
    kind: plan.kind,
    samples,
    classes: network.classes,
    lanes: plan.lanes,
    indexSets,
    weights: plan.weights,
    logits,
    parts,
  };
}

/** The norms of a draw, calibrated in float64 on the first of its samples `[N, …input]`. */
export function drawOf({ calibration }: JacobianPlan, seed: number, samples: Float64Array): Draw {
  if (calibration === undefined) return { seed };
  const { program, freeze } = calibration;
  const shape = program.nodes.find(({ op }) => op.op === 'input')!.shape;
  const first = samples.subarray(
    0,
    shape.reduce((product, extent) => product * extent, 1),
  );
  const outputs = interpret(program, { [SAMPLES_INPUT]: first }, { seed });
  return { seed, norms: freeze(Float64Array.from(outputs[STATISTICS_OUTPUT]!.data)) };
}

function draw(source: Source, shape: readonly number[], seed: number): Float64Array {
  return Float64Array.from(materialise(source, shape, seed, 'float64'));
}

function chunk(values: Float64Array, samples: number, from: number, count: number): Float64Array {
  const size = values.length / samples;
  return values.subarray(from * size, (from + count) * size);
}
