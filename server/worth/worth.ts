import { formatCorrelation, formatInteger } from '../base/quantities.ts';
import { own } from '../base/own.ts';
import { namedSettings } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import measured from './measured.json' with { type: 'json' };

/** In what the networks differ that a score is to order: docs/trust.md. */
export type ComparisonKind = 'ops' | 'width' | 'depth' | 'family';

/** For people: `different width`. */
export const comparisonTexts: Readonly<Record<ComparisonKind, string>> = {
  ops: 'same skeleton, different ops',
  width: 'different width',
  depth: 'different depth',
  family: 'different families',
};

/** The settings of VKDNW under which all of it was measured. */
export const measuredSettings: ScoreSettings = { ...namedSettings.settled, seeds: 1 };

/** For people: the networks that VKDNW by itself orders, as far as was measured. */
export const amongText = 'among networks of one skeleton and about the same size';

/** Kendall's tau-b with accuracy, −1 … 1, and its 95 % interval of the bootstrap over networks. */
export interface Tau {
  readonly tau: number;
  readonly low: number;
  readonly high: number;
}

/** What a score was worth on the networks of one space that were trained on one data set. */
export interface ColumnTau extends Tau {
  readonly space: string;
  readonly dataSet: string;
  readonly networks: number;
}

/** What a score, a count or an aggregate is worth for a kind of comparison: the mean over the columns. */
export interface Worth extends Tau {
  /** As `--proxies` and `--aggregate` name it: `vkdnw`, `macs`, `vkdnw_agg`. */
  readonly metric: string;
  readonly columns: readonly ColumnTau[];
}

/** What was found to order better, on the same networks: the paired difference of tau is above 0 with its whole interval. */
export interface Better {
  readonly metric: string;
  readonly tau: number;
  readonly difference: Tau;
}

/** What was measured of a kind of comparison, and how. */
export interface MeasuredWorth {
  readonly kind: ComparisonKind;
  /** The setting of VKDNW: `settled`. */
  readonly setting: string;
  /** For people: which networks, and what made the numbers. */
  readonly source: string;
  readonly engine: string;
  readonly version: string;
  readonly command: string;
  /** The best first. */
  readonly metrics: readonly Worth[];
}

interface Recorded {
  readonly spaces: readonly { readonly space: string; readonly dataSet: string }[];
  readonly setting: string;
  readonly source: string;
  readonly metrics: Readonly<
    Record<string, Tau & { readonly columns: readonly (Tau & { readonly networks: number })[] }>
  >;
  readonly ahead: Readonly<Record<string, readonly (Tau & { readonly metric: string })[]>>;
}

const kinds: Readonly<Record<ComparisonKind, Recorded>> = recordsOf();

/** What every score is worth for a kind of comparison. */
export function worthOf(kind: ComparisonKind): MeasuredWorth {
  const { spaces, setting, source, metrics } = kinds[kind];
  const { engine, version, command } = measured;
  return {
    kind,
    setting,
    source,
    engine,
    version,
    command,
    metrics: Object.entries(metrics)
      .map(([metric, { columns, ...tau }]) => ({
        metric,
        ...tau,
        columns: columns.map((column, index) => ({ ...spaces[index]!, ...column })),
      }))
      .toSorted((a, b) => b.tau - a.tau),
  };
}

/** What one score is worth for a kind of comparison; undefined where it was not measured. */
export function worthOfMetric(kind: ComparisonKind, metric: string): Worth | undefined {
  return worthOf(kind).metrics.find((worth) => worth.metric === metric);
}

/** The counts and aggregates that are measurably better than a score for a kind of comparison, the best first. */
export function better(kind: ComparisonKind, metric: string): readonly Better[] {
  return (own(kinds[kind].ahead, metric) ?? [])
    .map(({ metric: name, tau, low, high }) => ({
      metric: name,
      tau: worthOfMetric(kind, name)!.tau,
      difference: { tau, low, high },
    }))
    .toSorted((a, b) => b.tau - a.tau);
}

/**
 * Whether a score says anything for a kind of comparison: `orders` where tau is above 0 with its whole interval, `misleads` where it
 * is below 0 so, `nothing` between; undefined where it was not measured.
 */
export function verdictOf(
  kind: ComparisonKind,
  metric: string,
): 'orders' | 'nothing' | 'misleads' | undefined {
  const worth = worthOfMetric(kind, metric);
  if (worth === undefined) return undefined;
  if (worth.low > 0) return 'orders';
  return worth.high < 0 ? 'misleads' : 'nothing';
}

/** For people: `τ .753 [.730, .771], 3 × 100 networks`. */
export function worthText({ tau, low, high, columns }: Worth): string {
  const most = Math.max(...columns.map(({ networks }) => networks));
  const count = `${columns.length > 1 ? `${columns.length} × ` : ''}${formatInteger(most)} networks`;
  return `τ ${formatCorrelation(tau)} [${formatCorrelation(low)}, ${formatCorrelation(high)}], ${count}`;
}

/** Of the file, whose records are wider than the types of its text say; `test/worth` holds it to them. */
function recordsOf(): Readonly<Record<ComparisonKind, Recorded>> {
  const { ops, width, depth, family } = measured.kinds as Readonly<Record<ComparisonKind, unknown>>;
  return { ops, width, depth, family } as Readonly<Record<ComparisonKind, Recorded>>;
}
