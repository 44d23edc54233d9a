import type { NetworkTotals } from '../../network/network.ts';
import type { Score, ScoreSettings } from '../../score/types.ts';
import type { ScoreOptions } from '../../score/scorer.ts';
import type { Move } from '../moves/move.ts';
import { movesWithin } from '../moves/moves.ts';
import { isImprovement, type PairedDifference } from '../paired.ts';
import { applied } from '../../../grammar/format/format.ts';
import type { ModelPlace, Sized, Workbench } from '../variants.ts';
import { byVerdict, Comparison, compareVariants, type ScoresNetworks, type Verdict } from '../what-if.ts';

/** What the result may cost at most. */
export interface Budget {
  readonly maxParams: number;
  /** Multiply-accumulates for one sample. */
  readonly maxMacs: number;
}

/** A step that was taken. */
export interface Step {
  readonly move: Move;
  /** By the fresh seeds that confirmed the step; those by which it was chosen are not kept, as they flatter it. */
  readonly difference: PairedDifference;
  readonly totals: NetworkTotals;
}

export interface Improvement {
  /** The text after the steps; as it was when there are none. */
  readonly text: string;
  readonly steps: readonly Step[];
  readonly before: Sized;
  readonly after: NetworkTotals;
  /** Why no further step was taken. */
  readonly end: 'steps' | 'no better neighbour' | 'cancelled' | 'failed';
  /** Of `failed`. */
  readonly message?: string;
}

export interface ImproveOptions extends ScoreOptions {
  readonly budget: Budget;
  /** Most steps. */
  readonly steps: number;
  readonly settings: ScoreSettings;
  /** `tried` of `total` neighbours of the step under way. */
  readonly onTried?: (tried: number, total: number) => void;
  readonly onStep?: (step: Step, steps: readonly Step[]) => void;
}

/** Neighbours of a step that are confirmed, the best first, before it is given up. */
const confirmed = 3;

/**
 * Greedy ascent: of all neighbours within the budget the best is taken, as often as one is better beyond noise. The
 * best of many is too often one that was lucky with its seeds, so it is taken only when fresh seeds, which had no part
 * in choosing it, say the same.
 */
export async function improve(
  workbench: Workbench,
  place: ModelPlace,
  scorer: ScoresNetworks,
  options: ImproveOptions,
): Promise<Improvement | undefined> {
  const before = workbench.sized(place);
  if (before === undefined) return undefined;
  const steps: Step[] = [];
  const result = (end: Improvement['end'], message?: string): Improvement => ({
    text: workbench.text,
    steps,
    before,
    after: workbench.sized(place)?.totals ?? before.totals,
    end,
    ...(message === undefined ? {} : { message }),
  });
  while (steps.length < options.steps) {
    const found = await nextStep(workbench, place, scorer, options);
    if (options.signal?.aborted === true) return result('cancelled');
    if (typeof found === 'string') return result('failed', found);
    if (found === undefined) return result('no better neighbour');
    workbench.edit(applied(workbench.text, found.move.changes));
    steps.push(found);
    options.onStep?.(found, steps);
  }
  return result('steps');
}

/** @returns the step; a message where the network itself has no score; undefined when no neighbour is better, or when cancelled */
async function nextStep(
  workbench: Workbench,
  place: ModelPlace,
  scorer: ScoresNetworks,
  options: ImproveOptions,
): Promise<Step | string | undefined> {
  const base = workbench.sized(place);
  const declaration = workbench.declaration(place);
  if (base === undefined || declaration === undefined) return undefined;
  const { budget, settings } = options;
  const { variants } = await workbench.variants(place, movesWithin(workbench.module, declaration));
  const affordable = variants.filter(
    ({ totals }) => totals.params <= budget.maxParams && totals.macs <= budget.maxMacs,
  );
  const comparison = new Comparison(scorer, settings, base);
  const outcome = await comparison.base(options);
  if (outcome.state === 'failed') return outcome.message;
  let tried = 0;
  options.onTried?.(tried, affordable.length);
  const verdicts = await compareVariants(comparison, affordable, options, () => {
    options.onTried?.(++tried, affordable.length);
  });
  const best = verdicts
    .map((verdict, index) => ({ verdict, variant: affordable[index]! }))
    .filter(({ verdict }) => improves(verdict))
    .sort((a, b) => byVerdict(a.verdict, b.verdict))
    .slice(0, confirmed);
  const fresh = new Comparison(scorer, { ...settings, seed: freshSeed(outcome) }, base);
  for (const { variant } of best) {
    if (options.signal?.aborted === true) return undefined;
    const verdict = await fresh.verdict(variant, options);
    if (verdict.state === 'scored' && isImprovement(verdict.difference))
      return { move: variant.move, difference: verdict.difference, totals: variant.totals };
  }
  return undefined;
}

function improves(verdict: Verdict): boolean {
  return verdict.state === 'scored' && isImprovement(verdict.difference);
}

/** The first seed that had no part in the score. */
function freshSeed({ settings }: Score): number {
  return settings.seed + settings.seeds;
}
