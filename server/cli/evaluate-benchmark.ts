import process from 'node:process';
import {
  chooseRows,
  networkOfRow,
  type BenchmarkRow,
  type ChosenRows,
  type DataSet,
} from '../evaluation/benchmark.ts';
import type { ScoreColumn } from '../evaluation/evaluation.ts';
import { Journal } from '../evaluation/journal.ts';
import { distinct, measure, type Measured } from '../evaluation/measure.ts';
import type { Table } from '../evaluation/table.ts';
import { logRankAggregate } from '../proxies/log-rank.ts';
import type { Proxy } from '../proxies/proxy.ts';
import { formatSettings, settingNameOf } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import { missingNotes } from './evaluation-report.ts';
import type { ScoreFlags } from './score-options.ts';
import { withScorer } from './scorer.ts';
import { interruptible, ProgressBar } from './terminal.ts';

export interface BenchmarkOptions {
  readonly table: Table;
  readonly genotype: string;
  readonly target: string;
  readonly dataSet: DataSet;
  readonly where: readonly { readonly column: string; readonly text: string }[];
  readonly sample?: number;
  readonly proxies: readonly Proxy[];
  /** Names of proxies each. */
  readonly aggregates: readonly (readonly string[])[];
  readonly journal?: string;
  readonly settings: ScoreSettings;
  readonly flags: ScoreFlags;
}

/** Scores of the networks that have them all. */
export interface BenchmarkScores {
  readonly rows: readonly BenchmarkRow[];
  readonly columns: readonly ScoreColumn[];
  readonly notes: readonly string[];
  readonly provenance: string;
}

/** Computes proxies of the networks of a table. @returns undefined when the user interrupted it */
export async function scoreBenchmark(options: BenchmarkOptions): Promise<BenchmarkScores | undefined> {
  const { table, dataSet, proxies, settings } = options;
  const chosen = chooseRows(table, { ...options, seed: settings.seed });
  const networks = chosen.rows.map((row) => networkOfRow(table.file, row, dataSet));
  const { byHash, hashes } = distinct(networks);
  const how = `${dataSet}; ${settingNameOf(settings) ?? 'custom'}: ${formatSettings(settings)}`;
  const journal = options.journal === undefined ? undefined : new Journal(options.journal, how);
  const progress = new ProgressBar();
  const started = performance.now();
  try {
    const measured = await interruptible((signal) =>
      withScorer(options.flags, (scorer, engine) =>
        measure(byHash, proxies, {
          scorer,
          engine,
          settings,
          signal,
          ...(journal === undefined ? {} : { journal }),
          onProgress: (done, total, fresh) => {
            const left = fresh === 0 ? 0 : ((performance.now() - started) / fresh) * (total - done);
            progress.update(done / total, `${done} of ${total} networks, ${duration(left)} left`);
          },
        }),
      ),
    );
    if (measured.size < byHash.size) return undefined;
    return assemble(options, chosen, hashes, measured, {
      how,
      broken: journal?.broken ?? 0,
      different: byHash.size,
    });
  } finally {
    progress.clear();
    journal?.close();
  }
}

/** `2 h 05 min`, `3 min`, `40 s` */
function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function assemble(
  { proxies, aggregates }: BenchmarkOptions,
  { rows, of, missing }: ChosenRows,
  hashes: readonly string[],
  measured: Measured,
  { how, broken, different }: { readonly how: string; readonly broken: number; readonly different: number },
): BenchmarkScores {
  const entries = hashes.map((hash) => measured.get(hash)!);
  const complete = [...rows.keys()].filter((row) =>
    proxies.every(({ name }) => entries[row]!.values[name] !== undefined),
  );
  const valuesOf = ({ name }: Proxy): readonly number[] => complete.map((row) => entries[row]!.values[name]!);
  const columns = proxies.map((proxy) => ({
    name: proxy.name,
    better: proxy.better,
    values: valuesOf(proxy),
  }));
  const named = new Map(
    columns.map(({ name, better, values }) => [
      name,
      better === 'higher' ? values : values.map((value) => -value),
    ]),
  );
  const engines = new Set(entries.flatMap(({ engine }) => (engine === undefined ? [] : [engine])));
  return {
    rows: complete.map((row) => rows[row]!),
    columns: [
      ...columns,
      ...aggregates.map((parts) => ({
        name: parts.join('+'),
        better: 'higher' as const,
        values: logRankAggregate(new Map(parts.map((part) => [part, named.get(part)!]))),
      })),
    ],
    provenance: [...engines, how].join('; '),
    notes: [
      ...(rows.length < of ? [`Chosen at random among ${of.toLocaleString('en')} networks.`] : []),
      ...(different < rows.length ? [`${rows.length - different} of them are the same as others.`] : []),
      ...missingNotes(missing),
      ...failureNotes(proxies, rows, entries),
      ...(aggregates.length > 0 ? ['Names with + are aggregates: Σ ln rank, rank 1 the worst.'] : []),
      ...(engines.size > 1 ? ['Several engines took part: their scores may differ in the last digits.'] : []),
      ...(broken > 0 ? [`${broken} broken lines of the journal were passed over.`] : []),
    ],
  };
}

function failureNotes(
  proxies: readonly Proxy[],
  rows: readonly BenchmarkRow[],
  entries: readonly { readonly failed: Readonly<Record<string, string>> }[],
): string[] {
  return proxies.flatMap(({ name }) => {
    const failed = [...rows.keys()].filter((row) => entries[row]!.failed[name] !== undefined);
    const [first] = failed;
    return first === undefined
      ? []
      : [
          `Left out: ${failed.length} network${failed.length === 1 ? '' : 's'} without ${name}, the first on line ${rows[first]!.line}: ${entries[first]!.failed[name]!}`,
        ];
  });
}

/** Says that an evaluation was cut short, and how to go on. */
export function sayCancelled(journal: string | undefined): void {
  process.stderr.write(
    journal === undefined
      ? 'Cancelled. With --journal FILE the next run would go on from here.\n'
      : `Cancelled. What was computed is in ${journal}: the same command goes on from there.\n`,
  );
}
