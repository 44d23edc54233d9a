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
import { SAMPLES_INPUT, STATISTICS_OUTPUT } from '../network/lower.ts';
import type { Network } from '../network/network.ts';
import type { ScoreSettings } from './settings.ts';
import type { Source } from '../tensor/ir.ts';
import type { Calibration } from './calibration.ts';
import { signsInput } from './cotangents.ts';
import type { JacobianPart, SampledJacobian } from './jacobian.ts';
import { planJacobian, type Draw, type JacobianPlan, type Pass } from './plan.ts';

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
  /**
   * Values of the samples `[N, …input]`; default: N(0, 1), as docs/score.md#input has it. Inline values fit a calibration of all
   * N samples alone.
   */
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
  const { calibration, passes } = plan;
  // One object a draw: passes after the first reuse what was lowered for it.
  let draw: Draw = { seed };
  const passJobs = passes.map((pass) => (): TensorJob => ({
    program: pass.program(draw),
    chunks: samples / plan.batch,
    bindings: bindingsOf(network, settings, options.input),
    seed,
  }));
  const jobs =
    calibration === undefined
      ? passJobs
      : [() => calibrationJob(calibration, network, seed, options.input), ...passJobs];
  const { outputs, info } = await runAll(engine, jobs, options, (index, result) => {
    if (index === 0 && calibration !== undefined)
      draw = { seed, norms: calibration.freeze(own(result, STATISTICS_OUTPUT)!.data) };
  });
  const runs = passes.map((pass, index) => ({
    pass,
    results: outputs[jobs.length - passes.length + index]!,
  }));
  return {
    jacobian: {
      kind: plan.kind,
      samples,
      classes: network.classes,
      lanes: plan.lanes,
      indexSets: settings.indexSets,
      weights: plan.weights,
      logits: output(runs[0]!.results, 'logits', [samples, network.classes]),
      parts: runs.map(({ pass, results }) => partOf(pass, results, samples, settings.indexSets)),
    },
    engine: info,
  };
}

type Outputs = Readonly<Record<string, TensorArray>>;

const maxEngineChanges = 3;

/**
 * Runs one job after the other, all on one engine: where another takes over, they start again.
 *
 * @param jobs made when the one before has run
 * @param onResult told of each in its turn
 * @throws EngineFailure
 */
async function runAll(
  engine: EngineClient,
  jobs: readonly (() => TensorJob)[],
  options: SampleOptions,
  onResult: (job: number, outputs: Outputs) => void,
): Promise<{ readonly outputs: readonly Outputs[]; readonly info: EngineInfo }> {
  const outputs: Outputs[] = [];
  let info: EngineInfo | undefined;
  let changes = 0;
  while (outputs.length < jobs.length) {
    const index = outputs.length;
    const result = await runInterruptibly(
      engine,
      jobs[index]!(),
      runOptions(options, index, jobs.length),
      options.interruption,
    );
    if (index > 0 && !sameEngine(info!, result.engine)) {
      changes += 1;
      if (changes > maxEngineChanges)
        throw new EngineFailure('unavailable', 'The engine keeps changing. Choose one in the settings.');
      outputs.length = 0;
      continue;
    }
    info = result.engine;
    outputs.push(result.outputs);
    onResult(index, result.outputs);
  }
  return { outputs, info: info! };
}

function sameEngine(a: EngineInfo, b: EngineInfo): boolean {
  return a.name === b.name && a.device === b.device && a.version === b.version;
}

const randomInput: Source = { kind: 'normal', name: 'samples', std: 1 };

/** The first samples of the draw through the network, with the weights of the draw. */
function calibrationJob(
  { program }: Calibration,
  network: Network,
  seed: number,
  source: Source = randomInput,
): TensorJob {
  const shape = [program.batch, ...network.inputShape];
  return { program, chunks: 1, bindings: { [SAMPLES_INPUT]: { shape, source } }, seed };
}

function bindingsOf(
  network: Network,
  { samples, estimator }: ScoreSettings,
  source: Source = randomInput,
): Record<string, Binding> {
  const bindings: Record<string, Binding> = {
    [SAMPLES_INPUT]: { shape: [samples, ...network.inputShape], source },
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
