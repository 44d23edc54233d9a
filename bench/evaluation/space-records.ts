import type { ScoreOutcome } from '../../server/score/types.ts';

/** What a draw says of a network. */
export interface DrawRecord {
  /** VKDNW of the draw. */
  readonly entropy: number;
  /** Of F, the mean over index sets. */
  readonly trace: number;
  /** Eigenvalues above the resolution: docs/score.md#where-there-is-no-number. */
  readonly rank: number;
  /** Of the mean spectrum. */
  readonly top: number;
  readonly deciles: readonly number[];
  /** Sum of the natural logarithms of the positive eigenvalues, and how many these are. */
  readonly logSum: number;
  readonly positive: number;
  /** Natural logarithm of the diagonal of F, in declaration order of the tensors; null where it is 0. */
  readonly logDiagonal: readonly (number | null)[];
}

/** A line of the journal: one group of numbers of one member. */
export interface MemberRecord {
  readonly space: string;
  readonly dataSet: string;
  readonly genotype: string;
  readonly accuracy: number;
  readonly part: 'choice' | 'report';
  readonly group: string;
  readonly version: string;
  readonly engine?: string;
  readonly milliseconds: number;
  /** Of proxies. */
  readonly values?: Readonly<Record<string, number>>;
  readonly failed?: Readonly<Record<string, string>>;
  /** Of VKDNW, by draw. */
  readonly draws?: readonly DrawRecord[];
}

export function spectrumRecord(
  outcome: ScoreOutcome,
): Pick<MemberRecord, 'draws' | 'failed' | 'values' | 'engine'> {
  if (outcome.state === 'failed') return { failed: { vkdnw: `${outcome.reason}: ${outcome.message}` } };
  const { name, version, device } = outcome.engine;
  return {
    engine: `${name} (${version}, ${device})`,
    values: { vkdnw: outcome.vkdnw, vkdnw_single: outcome.single },
    draws: outcome.seeds.map(({ entropy, trace, eigenvalues, deciles, diagonal, resolution }) => {
      const positive = eigenvalues.filter((value) => value > 0);
      return {
        entropy,
        trace,
        rank: resolution.rank,
        top: eigenvalues.at(-1)!,
        deciles: deciles.map(short),
        logSum: positive.reduce((sum, value) => sum + Math.log(value), 0),
        positive: positive.length,
        logDiagonal: diagonal.map((value) => (value > 0 ? short(Math.log(value)) : null)),
      };
    }),
  };
}

function short(value: number): number {
  return Number(value.toPrecision(5));
}
