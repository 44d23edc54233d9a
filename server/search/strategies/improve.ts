import { applied } from '../../../grammar/format/format.ts';
import { failureText } from '../../base/failure-reasons.ts';
import type { NetworkTotals } from '../../network/network.ts';
import type { ScoreOptions } from '../../score/scorer.ts';
import type { Score, ScoreSettings } from '../../score/types.ts';
import { comparisonOf } from '../../worth/comparison.ts';
import { outlineOf } from '../../worth/outline.ts';
import type { ComparisonKind } from '../../worth/worth.ts';
import { ofKinds } from '../moves/kinds.ts';
import type { Move, MoveKind } from '../moves/move.ts';
import { movesWithin } from '../moves/moves.ts';
import { SecondOpinions, type MeasuresProxies } from '../second-opinion.ts';
import type { ModelPlace, Sized, Variant, Workbench } from '../variants.ts';
import { byVerdict, Comparison, standingOf, withOpinion } from '../what-if.ts';
import type { ScoredVerdict, ScoresNetworks, Verdict } from '../what-if.ts';

/** What the result may cost at most. */
export interface Budget {
  readonly maxParams: number;
  /** Multiply-accumulates for one sample. */
  readonly maxMacs: number;
}

/** A change that was scored with fresh seeds, which had no part in choosing it. */
export interface Candidate {
  readonly move: Move;
  /** By the fresh seeds; those by which it was chosen are not kept, as they flatter it. */
  readonly verdict: Verdict;
  /** Of the network before, and of the one after. */
  readonly from: NetworkTotals;
  readonly totals: NetworkTotals;
  /** In what the network differs from the one before. */
  readonly comparison: ComparisonKind;
}

/** A step that was taken: beyond noise with fresh seeds too, and the other scores agree. */
export interface Step extends Candidate {
  readonly verdict: ScoredVerdict;
}

/** The neighbours of the text that was reached, for whoever wants to look at them. */
export interface LastLook {
  readonly base: Sized;
  readonly variants: readonly Variant[];
  /** By index; fewer where it was cancelled. */
  readonly verdicts: readonly Verdict[];
  readonly leftOut: number;
  readonly untried: number;
}

export interface Improvement {
  /** The text after the steps; as it was when there are none. */
  readonly text: string;
  readonly steps: readonly Step[];
  /** Changes that VKDNW prefers with the seeds that chose them, and that were not taken: refused, or within noise with fresh seeds. */
  readonly refused: readonly Candidate[];
  readonly last?: LastLook;
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
  readonly kinds: readonly MoveKind[];
  /** `tried` of `total` neighbours of the step under way. */
  readonly onTried?: (tried: number, total: number) => void;
  /** A neighbour that VKDNW prefers is scored with fresh seeds, and by the other scores. */
  readonly onCheck?: (move: Move) => void;
  readonly onStep?: (step: Step, steps: readonly Step[]) => void;
}

/** Neighbours of a step that are looked at again, the best first, before it is given up. */
const looked = 6;

/**
 * Greedy ascent: of all neighbours within the budget the best is taken, as often as one is better beyond noise. The best of many is too
 * often one that was lucky with its seeds, so it is taken only when fresh seeds, which had no part in choosing it, say the
 * same. And it is often one that pleases this score alone, so it is taken only when the other scores agree (docs/whatif.md#the-second-opinion).
 */
export async function improve(
  workbench: Workbench,
  place: ModelPlace,
  scorer: ScoresNetworks & MeasuresProxies,
  options: ImproveOptions,
): Promise<Improvement | undefined> {
  const before = workbench.sized(place);
  if (before === undefined) return undefined;
  const steps: Step[] = [];
  const refused: Candidate[] = [];
  let last: LastLook | undefined;
  const result = (end: Improvement['end'], message?: string): Improvement => ({
    text: workbench.text,
    steps,
    refused,
    ...(last === undefined ? {} : { last }),
    before,
    after: workbench.sized(place)?.totals ?? before.totals,
    end,
    ...(message === undefined ? {} : { message }),
  });
  while (steps.length < options.steps) {
    const found = await nextStep(workbench, place, scorer, options, refused);
    if (options.signal?.aborted === true) return result('cancelled');
    if (typeof found === 'string') return result('failed', found);
    last = found.look;
    if (found.step === undefined) return result('no better neighbour');
    workbench.edit(applied(workbench.text, found.step.move.changes));
    steps.push(found.step);
    last = undefined;
    options.onStep?.(found.step, steps);
  }
  return result('steps');
}

interface Found {
  readonly look?: LastLook;
  /** Undefined when no neighbour is better, or when cancelled. */
  readonly step?: Step;
}

/** @returns a message where the network itself has no score */
async function nextStep(
  workbench: Workbench,
  place: ModelPlace,
  scorer: ScoresNetworks & MeasuresProxies,
  options: ImproveOptions,
  refused: Candidate[],
): Promise<Found | string> {
  const base = workbench.sized(place);
  const declaration = workbench.declaration(place);
  if (base === undefined || declaration === undefined) return {};
  const { settings, budget, kinds } = options;
  const moves = ofKinds(movesWithin(workbench.module, declaration), kinds);
  const { variants, leftOut, untried } = await workbench.variants(place, moves);
  const affordable = variants.filter(
    ({ totals }) => totals.params <= budget.maxParams && totals.macs <= budget.maxMacs,
  );
  const comparison = new Comparison(scorer, settings, base);
  const outcome = await comparison.base(options);
  if (outcome.state === 'failed') return `${failureText(outcome.reason)}: ${outcome.message}`;
  const verdicts = await screen(comparison, affordable, options);
  const best = verdicts
    .map((verdict, index) => ({ verdict, index }))
    .filter(({ verdict }) => standingOf(verdict) === 'unasked')
    .sort((a, b) => byVerdict(a.verdict, b.verdict))
    .slice(0, looked);
  const freshSettings = { ...settings, seed: freshSeed(outcome) };
  const fresh = new Comparison(scorer, freshSettings, base);
  const opinions = new SecondOpinions(scorer, freshSettings, base);
  const outline = outlineOf(base.network);
  for (const { index } of best) {
    const variant = affordable[index]!;
    options.onCheck?.(variant.move);
    const again = await fresh.verdict(variant, options);
    if (options.signal?.aborted === true) return {};
    const verdict = await withOpinion(opinions, variant, again, options);
    if (verdict === undefined) return {};
    verdicts[index] = verdict;
    const { move, totals } = variant;
    const about = {
      move,
      from: base.totals,
      totals,
      comparison: comparisonOf(outline, outlineOf(variant.network)),
    };
    if (verdict.state === 'scored' && standingOf(verdict) === 'better')
      return { step: { ...about, verdict } };
    refused.push({ ...about, verdict });
    await options.interruption?.giveWay();
  }
  return { look: { base, variants: affordable, verdicts, leftOut, untried } };
}

/** The verdict of VKDNW about every neighbour; fewer when cancelled. */
async function screen(
  comparison: Comparison,
  variants: readonly Variant[],
  options: ImproveOptions,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  options.onTried?.(0, variants.length);
  for (const variant of variants) {
    const verdict = await comparison.verdict(variant, options);
    if (options.signal?.aborted === true) return [];
    verdicts.push(verdict);
    options.onTried?.(verdicts.length, variants.length);
    await options.interruption?.giveWay();
  }
  return verdicts;
}

/** The first seed that had no part in the score. */
function freshSeed({ settings }: Score): number {
  return settings.seed + settings.seeds;
}
