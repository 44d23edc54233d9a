import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { EngineClient } from '../../server/engine/engine.ts';
import { planJacobian, type JacobianPlan } from '../../server/fisher/plan.ts';
import { sampleJacobian } from '../../server/fisher/sample.ts';
import type { Network } from '../../server/network/network.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { programCost } from '../../server/tensor/cost.ts';
import { noStore, startEngine, timedPasses, timeScore, type EngineOptions } from '../engine.ts';
import { exampleNetworks, nasBench201Networks, type NamedNetwork } from '../networks.ts';
import { peakRate } from './peak.ts';
import { coldStartTable } from './cold-start.ts';
import { exportNetwork } from './export.ts';
import { findTorch, multipliesSlowly, TorchProcess, type Allocator, type TorchRun } from './torch.ts';
import { milliseconds, verdict, type Table, type Target } from '../report.ts';
import { median } from '../statistics.ts';

export interface PeerOptions extends EngineOptions {
  /** Of the checkout. */
  readonly root: string;
  readonly repetitions: number;
  /** Fewer configurations. */
  readonly small: boolean;
  /** The heaviest NAS-Bench-201 network and the start of a process, or all other networks. */
  readonly networks: 'heaviest' | 'others';
}

/** Milliseconds. */
const longEnough = 10_000;

/** Directions by which configurations are compared, where the fastest for another network is known. */
const comparedLanes = 3;

const allocators: readonly Allocator[] = ['default', 'keeping'];

/** A way to run PyTorch. */
interface Configuration {
  readonly allocator: Allocator;
  readonly channelsLast: boolean;
  readonly chunk: number;
  readonly threads: number;
}

/** Milliseconds. */
interface Time {
  readonly whole: number;
  /** Without drawing weights and without what comes before the first pass. */
  readonly passes: number;
}

interface Case extends NamedNetwork {
  readonly kind: 'exact' | 'sketch';
  readonly settings: ScoreSettings;
  /** Directions PyTorch is timed with; more are extrapolated linearly. */
  readonly timedLanes?: readonly [number, number];
}

/**
 * Against PyTorch on identical weights and inputs: activation gradients, contraction with the activations, eigenvalues of
 * F. Both do the same C − 1 directions (exact) or one sign vector per image (sketch), and both begin with drawing weights
 * and samples. Ours is from the network to the number; PyTorch has its modules already.
 */
export async function benchPeer(options: PeerOptions): Promise<Table[]> {
  const found = findTorch();
  // The reference BLAS would make PyTorch look slow.
  const torch = found !== undefined && multipliesSlowly(found) ? undefined : found;
  const peak = peakRate(options.root, options.threads);
  const engine = startEngine(options);
  const processes = new Map<Allocator, TorchProcess>(
    torch === undefined
      ? []
      : allocators.map((allocator) => [allocator, new TorchProcess(torch.python, options.root, allocator)]),
  );
  try {
    const rows: string[][] = [];
    const [first, ...rest] = cases(options);
    let known = options.networks === 'others' ? await configuration(first!, processes, options) : undefined;
    for (const each of options.networks === 'others' ? rest.slice(1) : [first!, rest[0]!]) {
      const result = await compare(each, engine, processes, known, peak, options);
      known ??= result.best;
      rows.push(result.row);
      // The slowest networks take minutes each.
      process.stderr.write(`${result.row.slice(0, 6).join('  ')}\n`);
    }
    const notes = [
      torch === undefined
        ? `PyTorch's columns are left out: ${found === undefined ? 'it is not installed' : `it multiplies matrices with the reference BLAS, ${found.blas}, which is slow`}. On Debian: \`apt-get install python3-torch libopenblas0-pthread\`.`
        : `PyTorch ${torch.version}${torch.blas === '' ? '' : ` with ${torch.blas}`}, in its fastest configuration for each row, found by trying. The difference of the Jacobians is a share of their norm; a ReLU whose operand rounds to the other side of 0 is most of it.`,
      'Both draw weights and samples; ours is from the network to the number, PyTorch has its modules already. *Passes alone* is how many times faster without drawing, planning and making sessions.',
      '* extrapolated from some of the directions.',
      peak === undefined
        ? 'Without a C compiler the peak of the cores is not measured.'
        : `Measured peak: ${(peak / 1e9).toFixed(0)} billion float32 multiply-adds a second on ${options.threads} threads.`,
    ];
    const table: Table = {
      title: 'Against PyTorch, identical weights and inputs',
      notes,
      columns: [
        { title: 'network', align: 'left' },
        { title: 'estimator', align: 'left' },
        { title: 'Archlens', align: 'right' },
        { title: 'PyTorch', align: 'right' },
        { title: 'times faster', align: 'right' },
        { title: 'passes alone', align: 'right' },
        { title: 'of peak', align: 'right' },
        { title: 'difference of J', align: 'right' },
        { title: "PyTorch's configuration", align: 'left' },
        { title: 'target', align: 'left' },
      ],
      rows,
    };
    return options.networks === 'others'
      ? [table]
      : [table, await coldStartTable(options, torch?.python, known)];
  } finally {
    await Promise.all([engine.dispose(), ...[...processes.values()].map((process) => process.stop())]);
  }
}

/** Exact and sketch of each network, the heaviest first. */
function cases({ root }: PeerOptions): Case[] {
  const exact = namedSettings.paper;
  const sketch: ScoreSettings = { ...exact, estimator: { kind: 'sketch', signs: 1 } };
  const networks = [...nasBench201Networks(), ...exampleNetworks(join(root, 'examples'))];
  return networks.flatMap((each): Case[] => [
    each.network.classes > 100
      ? { ...each, kind: 'exact', settings: { ...exact, samples: 16 }, timedLanes: [1, 3] }
      : { ...each, kind: 'exact', settings: exact },
    { ...each, kind: 'sketch', settings: sketch },
  ]);
}

/** PyTorch's fastest for the heaviest network, from which the search for others begins. */
async function configuration(
  each: Case,
  processes: ReadonlyMap<Allocator, TorchProcess>,
  options: PeerOptions,
): Promise<Configuration | undefined> {
  if (processes.size === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'archlens-peer-'));
  try {
    exportNetwork(each.network, each.settings, each.settings.seed, folder);
    return await fastest(each, processes, folder, undefined, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(
  each: Case,
  engine: EngineClient,
  processes: ReadonlyMap<Allocator, TorchProcess>,
  known: Configuration | undefined,
  peak: number | undefined,
  options: PeerOptions,
): Promise<{ readonly row: string[]; readonly best: Configuration | undefined }> {
  const { name, network, kind, settings } = each;
  const folder = mkdtempSync(join(tmpdir(), 'archlens-peer-'));
  try {
    const timed = timedPasses(engine);
    const scorer = new Scorer(timed.engine, noStore);
    await timeScore(scorer, network, settings);
    let best: Configuration | undefined;
    let difference: number | undefined;
    if (processes.size > 0) {
      exportNetwork(network, settings, settings.seed, folder);
      best = await fastest(each, processes, folder, known, options);
      if (each.timedLanes === undefined)
        difference = await differenceOf(each, engine, processes.get(best.allocator)!, folder, best);
    }
    const [ours, theirs]: [Time[], Time[]] = [[], []];
    for (let round = 0; round < options.repetitions; round++) {
      const before = timed.milliseconds();
      const whole = await timeScore(scorer, network, settings);
      ours.push({ whole, passes: timed.milliseconds() - before });
      if (best !== undefined) theirs.push(await timeTorch(each, processes.get(best.allocator)!, best.chunk));
    }
    const whole = median(ours.map((time) => time.whole));
    const ratio = (part: keyof Time): number | undefined =>
      theirs.length === 0 ? undefined : median(theirs.map((time, round) => time[part] / ours[round]![part]));
    const share = peak === undefined ? undefined : macsOf(network, settings) / (whole / 1000) / peak;
    return {
      best,
      row: [
        name,
        kind === 'exact' ? `exact, N ${settings.samples}` : `sketch:1, N ${settings.samples}`,
        milliseconds(whole),
        theirs.length === 0
          ? ''
          : `${milliseconds(median(theirs.map((time) => time.whole)))}${each.timedLanes === undefined ? '' : ' *'}`,
        ratio('whole')?.toFixed(2) ?? '',
        ratio('passes')?.toFixed(2) ?? '',
        share === undefined ? '' : `${(100 * share).toFixed(0)} %`,
        difference === undefined ? '' : difference.toExponential(0),
        best === undefined ? '' : describe(best),
        targetsOf(each, ratio('whole'), share).map(verdict).join('; '),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function targetsOf({ name, kind }: Case, ratio: number | undefined, share: number | undefined): Target[] {
  if (!name.includes('heaviest')) return [];
  return [
    ...(ratio === undefined ? [] : [{ text: 'at least 1.2 times', met: ratio >= 1.2 }]),
    ...(share === undefined || kind === 'sketch'
      ? []
      : [{ text: 'at least 55 % of peak', met: share >= 0.55 }]),
  ];
}

function describe({ allocator, channelsLast, chunk, threads }: Configuration): string {
  const layout = channelsLast ? 'channels last' : 'channels first';
  return `${chunk} at a time, ${layout}, ${allocator} allocator, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** Tries every configuration on the first network; on the others, those that can differ by network. */
async function fastest(
  each: Case,
  processes: ReadonlyMap<Allocator, TorchProcess>,
  folder: string,
  known: Configuration | undefined,
  { threads, small }: PeerOptions,
): Promise<Configuration> {
  const { samples } = each.settings;
  // Every direction takes the same time; all of them take minutes for the slowest networks.
  const lanes = known === undefined ? undefined : comparedLanes;
  const chunks = (small ? [64] : [64, 32, 16, 8]).map((chunk) => Math.min(chunk, samples));
  let best: { readonly configuration: Configuration; readonly time: number } | undefined;
  for (const allocator of known === undefined ? allocators : [known.allocator]) {
    const process = processes.get(allocator)!;
    for (const count of known === undefined && !small ? new Set([threads, 1]) : [known?.threads ?? threads]) {
      for (const channelsLast of small ? [true] : [true, false]) {
        await process.load(folder, channelsLast, count);
        for (const chunk of new Set(chunks)) {
          const times = [await timeTorch(each, process, chunk, lanes)];
          // What takes long is known well enough after once.
          if (times[0]!.whole < longEnough) times.push(await timeTorch(each, process, chunk, lanes));
          const time = Math.min(...times.map(({ whole }) => whole));
          if (best === undefined || time < best.time)
            best = { configuration: { allocator, channelsLast, chunk, threads: count }, time };
        }
      }
    }
  }
  const { configuration } = best!;
  await processes
    .get(configuration.allocator)!
    .load(folder, configuration.channelsLast, configuration.threads);
  return configuration;
}

/** @param most of the directions; default: all */
async function timeTorch(
  { kind, network, timedLanes }: Case,
  process: TorchProcess,
  chunk: number,
  most?: number,
): Promise<Time> {
  const run = async (lanes: number): Promise<Time> => {
    const command: TorchRun = { kind, chunk, lanes, draw: true };
    const { milliseconds: whole, passes } = await process.run(command);
    return { whole, passes };
  };
  const all = network.classes - 1;
  if (most !== undefined) return await run(Math.min(most, all));
  if (timedLanes === undefined) return await run(all);
  const [few, more] = timedLanes;
  const [short, long] = [await run(few), await run(more)];
  const rest = ((long.passes - short.passes) / (more - few)) * (all - few);
  return { whole: short.whole + rest, passes: short.passes + rest };
}

/** Difference of the two Jacobians, as a share of their norm. */
async function differenceOf(
  { network, kind, settings }: Case,
  engine: EngineClient,
  process: TorchProcess,
  folder: string,
  { chunk }: Configuration,
): Promise<number> {
  const out = join(folder, 'jacobian.bin');
  await process.run({ kind, chunk, lanes: network.classes - 1, out });
  const bytes = readFileSync(out);
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const plan = planJacobian(network, settings, { mode: 'reverse', memory: 2 ** 33 });
  const { jacobian } = await sampleJacobian(engine, network, settings, settings.seed, { plan });
  const ours = jacobian.parts[0]!.data;
  let [norm, difference] = [0, 0];
  for (const [index, value] of ours.entries()) {
    norm += value ** 2;
    difference += (value - theirs[index]!) ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** Multiply-accumulates that the plan runs. */
function macsOf(network: Network, settings: ScoreSettings): number {
  const plan: JacobianPlan = planJacobian(network, settings);
  const chunks = settings.samples / plan.batch;
  return plan.passes.reduce((sum, pass) => sum + programCost(pass.program({ seed: 0 })).macs * chunks, 0);
}
