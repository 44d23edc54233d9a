import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { residentBytes } from '../engine.ts';
import { genotypes, heaviest } from '../networks.ts';
import { megabytes, milliseconds, verdict, type Table } from '../report.ts';
import { median } from '../statistics.ts';
import { exportNetwork } from './export.ts';
import { TorchProcess, type Allocator } from './torch.ts';

interface Options {
  readonly root: string;
  readonly repetitions: number;
  readonly threads: number;
}

interface Configuration {
  readonly allocator: Allocator;
  readonly channelsLast: boolean;
  readonly chunk: number;
}

interface Run {
  readonly milliseconds: number;
  /** Bytes, of all processes together. */
  readonly peak: number;
}

/** From the start of a process to its first score of the heaviest network, and the most memory it takes. */
export async function coldStartTable(
  options: Options,
  python: string | undefined,
  configuration: Configuration | undefined,
): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-cold-'));
  try {
    const exact = namedSettings.paper;
    const settings: Readonly<Record<'exact' | 'sketch', ScoreSettings>> = {
      exact,
      sketch: { ...exact, estimator: { kind: 'sketch', signs: 1 } },
    };
    exportNetwork(heaviest(), exact, 0, folder);
    const file = join(folder, 'heaviest.arch');
    writeFileSync(file, heaviestText(options.root));
    const rows: string[][] = [];
    for (const kind of ['exact', 'sketch'] as const) {
      const [ours, theirs]: [Run[], Run[]] = [[], []];
      for (let round = 0; round < options.repetitions; round++) {
        ours.push(await runArchlens(file, settings[kind], options.threads));
        if (python !== undefined && configuration !== undefined)
          theirs.push(await runTorch(python, folder, kind, configuration, options));
      }
      rows.push(...rowsOf(kind, ours, theirs));
    }
    return {
      title: 'From the start of a process to the first score: NAS-Bench-201, heaviest, N 64',
      columns: [
        { title: 'what', align: 'left' },
        { title: 'Archlens', align: 'right' },
        { title: 'PyTorch', align: 'right' },
        { title: 'times less', align: 'right' },
        { title: 'target', align: 'left' },
      ],
      rows,
      notes: [
        'Archlens: the command line and its engine process together, from text to number. PyTorch: from `python3` to the eigenvalues, weights read from a file.',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowsOf(kind: string, ours: readonly Run[], theirs: readonly Run[]): string[][] {
  const row = (what: string, of: (run: Run) => number, format: (value: number) => string) => {
    const mine = median(ours.map(of));
    if (theirs.length === 0) return [what, format(mine), '', '', ''];
    const other = median(theirs.map(of));
    const target = { text: 'at least 2 times', met: other / mine >= 2 };
    return [what, format(mine), format(other), (other / mine).toFixed(2), verdict(target)];
  };
  return [
    row(`${kind}: time`, (run) => run.milliseconds, milliseconds),
    row(`${kind}: peak memory`, (run) => run.peak, megabytes),
  ];
}

/** The heaviest network in the language, with what it needs of the example's blocks. */
function heaviestText(root: string): string {
  const blocks = readFileSync(join(root, 'examples/blocks.arch'), 'utf8');
  return `${blocks}
    cell Heaviest = "${genotypes.heaviest}"
    model M { input 32x32x3 classes 10 Nb201Skeleton(Heaviest) }`;
}

async function runArchlens(file: string, settings: ScoreSettings, threads: number): Promise<Run> {
  const bundled = join(import.meta.dirname, 'cli.cjs');
  const program = existsSync(bundled) ? bundled : join(import.meta.dirname, '../../server/cli/main.ts');
  const estimator = settings.estimator.kind === 'exact' ? 'exact' : 'sketch:1';
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...[program, 'score', file, '--no-store', '--json', '--setting', 'paper', '--engine', 'onnx-cpu'],
      ...['--estimator', estimator, '--threads', String(threads)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const peaks = new Map<number, number>();
  const watch = setInterval(() => {
    for (const pid of [child.pid!, ...childrenOf(child.pid!)])
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, residentBytes(pid)?.peak ?? 0));
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error('the command line gave no score');
  return {
    milliseconds: performance.now() - started,
    peak: [...peaks.values()].reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** Processes started by a process; none where the system does not tell. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

async function runTorch(
  python: string,
  folder: string,
  kind: 'exact' | 'sketch',
  { allocator, channelsLast, chunk }: Configuration,
  { root, threads }: Options,
): Promise<Run> {
  const started = performance.now();
  const torch = new TorchProcess(python, root, allocator);
  await torch.load(folder, channelsLast, threads);
  const { peak } = await torch.run({ kind, chunk, lanes: 1e9 });
  const elapsed = performance.now() - started;
  await torch.stop();
  return { milliseconds: elapsed, peak };
}
