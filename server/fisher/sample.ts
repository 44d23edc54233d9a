import { own } from '../base/own.ts';
import type {
  Binding,
  EngineClient,
  EngineInfo,
  RunOptions,
  TensorArray,
  TensorJob,
} from '../engine/engine.ts';
import { EngineFailure } from '../engine/engine.ts';
import { runInterruptibly, type Interruption } from '../engine/interruption.ts';
import { SAMPLES_INPUT } from '../network/lower.ts';
import type { Network } from '../network/network.ts';
import type { ScoreSettings } from './settings.ts';
import type { Source } from '../tensor/ir.ts';
import { signsInput } from './cotangents.ts';
import type { JacobianPart, SampledJacobian } from './jacobian.ts';
import { planJacobian, type JacobianPlan, type Pass } from './plan.ts';

export interface SampleOptions {
  readonly signal?: AbortSignal;
  /** Lets more urgent jobs go first. */
  readonly interruption?: Interruption;
  /** Share of the work done, 0 … 1. */
  readonly onProgress?: (done: number) => void;
  /** Names the job in logs and for quarantine. */
  readonly label?: string;
  /** A plan made before for the same network and settings. It fits every seed. */
  readonly plan?: JacobianPlan;
  /** Values of the samples `[N, …input]`; default: N(0, 1), as docs/score.md#input has it. */
  readonly input?: Source;
}

/** The Jacobian of one draw, and the engine that computed all of it. */
export interface JacobianSample {
  readonly jacobian: SampledJacobian;
  readonly engine: EngineInfo;
}

/**
 * Draws weights, samples and signs from a seed, and computes the logits and what the estimator needs of their
 * derivatives by the chosen weights, in float32 on the engine.
 *
 * @throws EngineFailure; FisherFailure as `planJacobian`, where no plan is given
 */
export async function sampleJacobian(
  engine: EngineClient,
  network: Network,
  settings: ScoreSettings,
  seed: number,
  options: SampleOptions = {},
): Promise<JacobianSample> {
  const plan = options.plan ?? planJacobian(network, settings);
  const samples = settings.samples;
  const runs: { readonly pass: Pass; readonly outputs: Readonly<Record<string, TensorArray>> }[] = [];
  let info: EngineInfo | undefined;
  let changes = 0;
  while (runs.length < plan.passes.length) {
    const index = runs.length;
    const pass = plan.passes[index]!;
    const job: TensorJob = {
      program: pass.program(),
      chunks: samples / plan.batch,
      bindings: bindingsOf(network, settings, options.input),
      seed,
    };
    const result = await runInterruptibly(
      engine,
      job,
      runOptions(options, index, plan.passes.length),
      options.interruption,
    );
    if (index > 0 && !sameEngine(info!, result.engine)) {
      // Another engine has taken over. All passes of a Jacobian must come from one engine, so they start again.
      changes += 1;
      if (changes > maxEngineChanges)
        throw new EngineFailure('unavailable', 'The engine keeps changing. Choose one in the settings.');
      runs.length = 0;
      continue;
    }
    info = result.engine;
    runs.push({ pass, outputs: result.outputs });
  }
  return {
    jacobian: {
      kind: plan.kind,
      samples,
      classes: network.classes,
      lanes: plan.lanes,
      indexSets: settings.indexSets,
      weights: plan.weights,
      logits: output(runs[0]!.outputs, 'logits', [samples, network.classes]),
      parts: runs.map(({ pass, outputs }) => partOf(pass, outputs, samples, settings.indexSets)),
    },
    engine: info!,
  };
}

const maxEngineChanges = 3;

function sameEngine(a: EngineInfo, b: EngineInfo): boolean {
  return a.name === b.name && a.device === b.device && a.version === b.version;
}

function bindingsOf(
  network: Network,
  { samples, estimator }: ScoreSettings,
  input: Source = { kind: 'normal', name: 'samples', std: 1 },
): Record<string, Binding> {
  const bindings: Record<string, Binding> = {
    [SAMPLES_INPUT]: { shape: [samples, ...network.inputShape], source: input },
  };
  if (estimator.kind === 'sketch') {
    bindings[signsInput] = {
      shape: [samples, estimator.signs, network.classes],
      source: { kind: 'signs', name: 'signs', scale: 1 / Math.sqrt(estimator.signs) },
    };
  }
  return bindings;
}

function runOptions(options: SampleOptions, pass: number, passes: number): RunOptions {
  const { signal, label, onProgress } = options;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(label === undefined ? {} : { label }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (done: number, total: number) => {
            onProgress((pass + done / total) / passes);
          },
        }),
  };
}

function partOf(
  { lanes, weights }: Pass,
  outputs: Readonly<Record<string, TensorArray>>,
  samples: number,
  indexSets: number,
): JacobianPart {
  const shape = [samples, lanes.to - lanes.from, indexSets, weights.to - weights.from];
  return { lanes, weights, data: output(outputs, 'jacobian', shape) };
}

function output(
  outputs: Readonly<Record<string, TensorArray>>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const array = own(outputs, name);
  if (array?.shape.join() !== shape.join()) {
    throw new TypeError(
      `the engine gave ${name} [${array?.shape.join() ?? 'nothing'}] instead of [${shape.join()}]`,
    );
  }
  return array.data;
}
