import { applied } from '../../../grammar/format/format.ts';
import type { NetworkTotals } from '../../network/network.ts';
import type { ScoreSettings } from '../../score/types.ts';
import { comparisonOf } from '../../worth/comparison.ts';
import { outlineOf } from '../../worth/outline.ts';
import type { ComparisonKind } from '../../worth/worth.ts';
import { ofKinds } from '../moves/kinds.ts';
import type { Move, MoveKind } from '../moves/move.ts';
import { movesWithin } from '../moves/moves.ts';
import type { Judge, JudgeOptions } from '../objectives/judge.ts';
import { defaultObjective, type Objective } from '../objectives/objective.ts';
import { ProxyJudge } from '../objectives/proxy-judge.ts';
import { VkdnwJudge } from '../objectives/vkdnw-judge.ts';
import type { MeasuresProxies } from '../second-opinion.ts';
import type { ModelPlace, Sized, Variant, Workbench } from '../variants.ts';
import { standingOf } from '../what-if.ts';
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
  /** Changes that are preferred by the seeds that chose them, and that were not taken: refused, or within noise with fresh seeds. */
  readonly refused: readonly Candidate[];
  readonly last?: LastLook;
  readonly before: Sized;
  readonly after: NetworkTotals;
  /** Why no further step was taken. */
  readonly end: 'steps' | 'no better neighbour' | 'cancelled' | 'failed';
  /** Of `failed`. */
  readonly message?: string;
}

export interface ImproveOptions extends JudgeOptions {
  readonly budget: Budget;
  /** What is made better; VKDNW_single unless it is said. */
  readonly objective?: Objective;
  /** Most steps. */
  readonly steps: number;
  readonly settings: ScoreSettings;
  readonly kinds: readonly MoveKind[];
  /** A neighbour that was preferred is measured with fresh seeds, and by the other scores. */
  readonly onCheck?: (move: Move) => void;
  readonly onStep?: (step: Step, steps: readonly Step[]) => void;
}

/**
 * Greedy ascent: of all neighbours within the budget the best is taken, as often as one is better beyond noise. The best of many is too
 * often one that was lucky with its seeds, so it is taken only when fresh seeds, which had no part in choosing it, say the
 * same. And it is often one that pleases this score alone, so it is taken only when the other scores agree (docs/whatif.md#the-second-opinion).
 * What is climbed is VKDNW_single, or another objective (docs/whatif.md#by-another-score).
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
  const { settings, budget, kinds, objective = defaultObjective } = options;
  const moves = ofKinds(movesWithin(workbench.module, declaration), kinds);
  const { variants, leftOut, untried } = await workbench.variants(place, moves);
  const affordable = variants.filter(
    ({ totals }) => totals.params <= budget.maxParams && totals.macs <= budget.maxMacs,
  );
  const judge: Judge =
    objective.kind === 'vkdnw'
      ? new VkdnwJudge(scorer, settings, base)
      : new ProxyJudge(scorer, settings, base, objective);
  const screened = await judge.screen(affordable, options);
  if (screened === undefined) return {};
  if (typeof screened === 'string') return screened;
  const { preferred } = screened;
  const verdicts = [...(screened.verdicts ?? [])];
  const outline = outlineOf(base.network);
  const chosen = preferred.map((index) => affordable[index]!);
  const verdictAt = await judge.check(chosen, options);
  for (const [order, variant] of chosen.entries()) {
    options.onCheck?.(variant.move);
    const verdict = await verdictAt(order);
    if (verdict === undefined || options.signal?.aborted === true) return {};
    verdicts[preferred[order]!] = verdict;
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
  // A list has verdicts of VKDNW, and asks for more of them.
  if (screened.verdicts === undefined) return {};
  return { look: { base, variants: affordable, verdicts, leftOut, untried } };
}
