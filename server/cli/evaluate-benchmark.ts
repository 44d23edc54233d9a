import { availableParallelism, freemem } from 'node:os';
import { formatInteger, formatTimeLeft } from '../base/quantities.ts';
import { allowedOf } from '../base/memory.ts';
import { mayHaveGpu } from '../engine/gpu-devices.ts';
import { engineTraits } from '../engine/registry.ts';
import { benchmarkScores, type BenchmarkScores } from '../evaluation/benchmark-scores.ts';
import { chooseRows, networkOfRow, type DataSet } from '../evaluation/benchmark.ts';
import { Journal } from '../evaluation/journal.ts';
import { withLearned } from '../evaluation/learned.ts';
import { distinct, measure } from '../evaluation/measure.ts';
import type { Table } from '../evaluation/table.ts';
import type { ColumnChoice } from '../proxies/column-choice.ts';
import type { Samples } from '../proxies/samples.ts';
import { formatSettings, settingNameOf } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { ScoreFlags } from './score-options.ts';
import { withScorers } from './scorer.ts';
import { interruptible, ProgressBar } from './terminal.ts';

export interface BenchmarkOptions extends ColumnChoice {
  readonly table: Table;
  readonly genotype: string;
  readonly target: string;
  readonly dataSet: DataSet;
  readonly where: readonly { readonly column: string; readonly text: string }[];
  readonly sample?: number;
  /** Networks a forest learns from. */
  readonly learn?: number;
  /** What the networks see instead of noise. */
  readonly samples?: Samples;
  readonly journal?: string;
  /** Engine processes, each with a network of its own. */
  readonly processes?: number;
  readonly settings: ScoreSettings;
  readonly flags: ScoreFlags;
  /** Told besides the terminal. @param done 0 … 1 */
  readonly onProgress?: (done: number, text: string) => void;
}

/** Computes proxies of the networks of a table. @returns undefined when the user interrupted it */
export async function scoreBenchmark(options: BenchmarkOptions): Promise<BenchmarkScores | undefined> {
  const { table, dataSet, proxies, samples, settings, learn } = options;
  const chosen = chooseRows(table, { ...options, seed: settings.seed });
  const networks = chosen.rows.map((row) => networkOfRow(table.file, row, dataSet));
  const { byHash, hashes } = distinct(networks);
  const how = [
    dataSet,
    `${settingNameOf(settings) ?? 'custom'}: ${formatSettings(settings)}`,
    ...(samples === undefined ? [] : [samples.name]),
  ].join('; ');
  const journal = options.journal === undefined ? undefined : new Journal(options.journal, how);
  const progress = new ProgressBar();
  const report = (done: number, text: string): void => {
    progress.update(done, text);
    options.onProgress?.(done, text);
  };
  const started = performance.now();
  try {
    return await interruptible(async (signal) => {
      const lanes = options.processes ?? processesFor(options.flags);
      const flags = lanes > 1 ? { threads: 1, ...options.flags } : options.flags;
      const measured = await withScorers(flags, lanes, (open) =>
        measure(byHash, proxies, {
          lanes: open,
          settings,
          signal,
          ...(samples === undefined ? {} : { samples }),
          ...(journal === undefined ? {} : { journal }),
          onProgress: (done, total, fresh) => {
            const left = fresh === 0 ? 0 : ((performance.now() - started) / fresh) * (total - done);
            report(
              done / total,
              `${formatInteger(done)} of ${formatInteger(total)} networks, ${formatTimeLeft(left)} left`,
            );
          },
        }),
      );
      if (measured.size < byHash.size) return undefined;
      const scores = withJournalNote(
        benchmarkScores(chosen, hashes, measured, options, how),
        journal?.broken ?? 0,
      );
      if (learn === undefined) return scores;
      return await withLearned(scores, {
        training: learn,
        features: proxies.map(({ name }) => name),
        seed: settings.seed,
        signal,
        onProgress: (done) => {
          report(done, `learning from ${learn} networks`);
        },
      });
    });
  } finally {
    progress.clear();
    journal?.close();
  }
}

/** Bytes that an engine may take for the gradients of a network. */
const memoryOfProcess = 1.5e9;

/**
 * A core computes a network of its own faster than all of them together one after another. GPU engines are fast by
 * themselves, and their memory is small.
 */
function processesFor({ engine, threads }: ScoreFlags): number {
  const isCpu = engine === 'auto' ? !mayHaveGpu() : engineTraits[engine].processor === 'CPU';
  if (!isCpu || threads !== undefined) return 1;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(allowedOf(freemem()) / memoryOfProcess)));
}

function withJournalNote(scores: BenchmarkScores, broken: number): BenchmarkScores {
  return broken === 0
    ? scores
    : {
        ...scores,
        notes: [
          ...scores.notes,
          `${broken} broken line${broken === 1 ? '' : 's'} of the journal ${broken === 1 ? 'was' : 'were'} passed over; what was there is computed again.`,
        ],
      };
}

/** How an evaluation that was cut short goes on. */
export function cancelNote(journal: string | undefined): string {
  return journal === undefined
    ? 'With --journal FILE the next run would go on from here.'
    : `What was computed is in ${journal}: the same command goes on from there.`;
}
