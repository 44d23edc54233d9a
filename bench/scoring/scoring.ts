import { join } from 'node:path';
import type {
  EngineClient,
  EngineStatus,
  RunOptions,
  TensorJob,
  TensorJobResult,
} from '../../server/engine/engine.ts';
import { estimateFrom } from '../../server/fisher/estimate.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { sampleJacobian } from '../../server/fisher/sample.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { noStore, residentBytes, scoreOf, startEngine, timeScore, type EngineOptions } from '../engine.ts';
import { exampleNetworks, heaviest } from '../networks.ts';
import { measurementTable, megabytes, milliseconds, type Measurement, type Table } from '../report.ts';
import { median, summarise } from '../statistics.ts';

export interface ScoringOptions extends EngineOptions {
  /** Of the checkout. */
  readonly root: string;
  readonly repetitions: number;
}

const exact = namedSettings.paper;
const sketch: ScoreSettings = { ...exact, estimator: { kind: 'sketch', signs: 1 } };

/**
 * Time of a score in a running engine, building included, of its parts, and the most memory the engine process ever held.
 * The settings alternate, so that a slow moment of the machine meets all of them.
 */
export async function benchScoring(options: ScoringOptions): Promise<Table[]> {
  return [await heaviestTable(options), await mobileNetTable(options)];
}

async function heaviestTable(options: ScoringOptions): Promise<Table> {
  const exactMemory = await memoryOfExact(options);
  const engine = new MeteredEngine(startEngine(options));
  try {
    const network = heaviest();
    const scorer = new Scorer(engine, noStore);
    const settings = { exact, sketch, live: namedSettings.live };
    const times: Record<keyof typeof settings, number[]> = { exact: [], sketch: [], live: [] };
    const [settled, firstDraw, laterDraws, build, spectrum]: number[][] = [[], [], [], [], []];
    await timeScore(scorer, network, sketch);
    for (let round = 0; round < options.repetitions; round++) {
      for (const name of Object.keys(settings) as (keyof typeof settings)[]) {
        times[name].push(await timeScore(scorer, network, settings[name]));
      }
      const started = performance.now();
      const { seeds } = await scoreOf(scorer, network, namedSettings.settled);
      settled!.push(performance.now() - started);
      firstDraw!.push(seeds[0]!.milliseconds);
      laterDraws!.push(...seeds.slice(1).map((draw) => draw.milliseconds));

      const planning = performance.now();
      const plan = planJacobian(network, sketch);
      for (const pass of plan.passes) pass.program({ seed: 0 });
      const planned = performance.now() - planning;
      const { jacobian } = await sampleJacobian(engine, network, sketch, round, { plan });
      build!.push(planned + engine.build);

      const whole = await sampleJacobian(engine, network, exact, round);
      await estimateFrom(jacobian, sketch);
      const estimating = performance.now();
      await estimateFrom(whole.jacobian, exact);
      spectrum!.push(performance.now() - estimating);
    }
    const ofExact = (values: readonly number[]): number[] =>
      values.map((value, round) => value / times.exact[round]!);
    return measurementTable(
      `Scores of the heaviest NAS-Bench-201 network, ${options.engine}, ${options.threads} threads`,
      [
        duration('exact, N 64, P 128', times.exact, 2500),
        duration('sketch:1, N 64, P 128', times.sketch),
        ratio('sketch:1 / exact', ofExact(times.sketch), 1 / 4),
        duration('live', times.live),
        ratio('live / exact', ofExact(times.live), 1 / 8),
        duration('settled', settled!),
        ratio('settled / exact, which is the paper’s one draw', ofExact(settled!), 1),
        duration('its first draw', firstDraw!),
        {
          ...duration('its later draws', laterDraws!),
          target: { text: 'less than the first', met: median(laterDraws!) < median(firstDraw!) },
        },
        duration('building and compiling a sketch', build!, 250),
        duration('from the Jacobian to the spectrum, 640 × 128', spectrum!, 15),
        ...exactMemory,
        ...memory(engine, undefined, 'the same after all of these'),
      ],
    );
  } finally {
    await engine.dispose();
  }
}

/** Of an engine that has only ever made exact scores. */
async function memoryOfExact(options: ScoringOptions): Promise<Measurement[]> {
  const engine = startEngine(options);
  try {
    const scorer = new Scorer(engine, noStore);
    for (let seed = 0; seed < options.repetitions; seed++)
      await timeScore(scorer, heaviest(), { ...exact, seed });
    return memory(engine, 500 * 2 ** 20, 'peak memory of an engine process, exact scores');
  } finally {
    await engine.dispose();
  }
}

async function mobileNetTable(options: ScoringOptions): Promise<Table> {
  const network = exampleNetworks(join(options.root, 'examples')).find(({ name }) =>
    name.startsWith('Mobile'),
  )!.network;
  const measure = async (what: string, settings: ScoreSettings, limit: number, mostMemory: number) => {
    // An engine of its own, for a peak of its own.
    const engine = startEngine(options);
    try {
      const scorer = new Scorer(engine, noStore);
      const times: number[] = [];
      for (let round = 0; round < options.repetitions; round++)
        times.push(await timeScore(scorer, network, settings));
      return [duration(what, times, limit), ...memory(engine, mostMemory)];
    } finally {
      await engine.dispose();
    }
  };
  return measurementTable('MobileNetV2 at 224, 1,000 classes', [
    ...(await measure('sketch:1, N 64', sketch, 3000, 1.5 * 2 ** 30)),
    ...(await measure('exact, N 16, by the cheaper mode', { ...exact, samples: 16 }, 15_000, 1.5 * 2 ** 30)),
  ]);
}

/** Remembers what the engine says of its last job. */
class MeteredEngine implements EngineClient {
  readonly #client: EngineClient;
  /** Milliseconds: drawing, building, optimising. */
  build = 0;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  prepare(): void {
    this.#client.prepare();
  }

  async run(job: TensorJob, options?: RunOptions): Promise<TensorJobResult> {
    const result = await this.#client.run(job, options);
    this.build = result.milliseconds.build;
    return result;
  }

  status(): EngineStatus {
    return this.#client.status();
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    return this.#client.onStatus(listener);
  }

  restart(): void {
    this.#client.restart();
  }

  dispose(): Promise<void> {
    return this.#client.dispose();
  }
}

function duration(what: string, values: readonly number[], limit?: number): Measurement {
  const { median, p95, min, max, count } = summarise(values);
  return {
    what,
    median: milliseconds(median),
    p95: milliseconds(p95),
    range: `${milliseconds(min)} … ${milliseconds(max)}`,
    repetitions: count,
    ...(limit === undefined
      ? {}
      : { target: { text: `at most ${milliseconds(limit)}`, met: median <= limit } }),
  };
}

function ratio(what: string, values: readonly number[], limit: number): Measurement {
  const { median, p95, min, max, count } = summarise(values);
  return {
    what,
    median: median.toFixed(3),
    p95: p95.toFixed(3),
    range: `${min.toFixed(3)} … ${max.toFixed(3)}`,
    repetitions: count,
    target: { text: `at most ${limit}`, met: median <= limit },
  };
}

function memory(
  engine: EngineClient,
  limit: number | undefined,
  what = 'peak memory of the engine process',
): Measurement[] {
  const bytes = residentBytes(engine.status().pid)?.peak;
  if (bytes === undefined) return [{ what, median: 'not measured on this system' }];
  const target =
    limit === undefined ? {} : { target: { text: `at most ${megabytes(limit)}`, met: bytes <= limit } };
  return [{ what, median: megabytes(bytes), ...target }];
}
