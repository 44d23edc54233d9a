/** What client and server say to each other about alternatives and improvements. Optional for a client. */
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { Position, TextEdit } from 'vscode-languageserver-protocol';
import type { NetworkTotals } from '../network/network.ts';
import type { MoveKind } from '../search/moves/move.ts';
import type { ComparisonKind } from '../worth/worth.ts';
import type { Budget, Improvement } from '../search/strategies/improve.ts';
import type { Verdict } from '../search/what-if.ts';

/** Command of the client behind the code action; its arguments: the document's URI and the position. */
export const tryAlternativesCommand = 'archlens.tryAlternatives';

export interface AlternativesParams {
  readonly uri: string;
  readonly position: Position;
  /** What may change; absent: all but activations. Where nothing of these kinds stands, all that is there. */
  readonly kinds?: readonly MoveKind[];
}

export interface Alternative {
  /** `3x3 → 5x5` */
  readonly title: string;
  /** Of the document, as it was when it was asked about. */
  readonly edits: readonly TextEdit[];
  readonly kind: MoveKind;
  readonly totals: NetworkTotals;
  /** In what its network differs from the model's: decides what scores are worth. */
  readonly comparison: ComparisonKind;
}

export interface Alternatives {
  /** Names the list in what follows. */
  readonly id: number;
  /** What is varied, as written. */
  readonly about: string;
  /** The model whose networks are compared, and its file where that is another. */
  readonly model: string;
  readonly file?: string;
  /** How many other models the edit changes too. */
  readonly others: number;
  readonly totals: NetworkTotals;
  /** For people. */
  readonly settings: string;
  readonly alternatives: readonly Alternative[];
  /** Changes that would not fit, which are not among them. */
  readonly leftOut: number;
  /** Changes beyond what is tried in a long file. */
  readonly untried: number;
  /** Changes of kinds that were not asked for. */
  readonly otherKinds: number;
}

/** Lists the neighbours at a place and starts to score them; a list that was open before is given up. A text says why there is none. */
export const openAlternatives = new RequestType<AlternativesParams, Alternatives | string, void>(
  'archlens/alternatives/open',
);

export interface VerdictParams {
  readonly id: number;
  /** Index in `Alternatives.alternatives`. */
  readonly index: number;
  readonly verdict: Verdict;
}

/** Server → client: one alternative was scored, or more is known of it. */
export const alternativeScored = new NotificationType<VerdictParams>('archlens/alternatives/scored');

export interface AlternativesEnd {
  readonly id: number;
  /** Why it ended early. */
  readonly message?: string;
}

/** Server → client: no more verdicts will come unasked. */
export const alternativesEnded = new NotificationType<AlternativesEnd>('archlens/alternatives/ended');

/** Stops scoring a list. What was scored is stored. */
export const closeAlternatives = new RequestType<Pick<Alternatives, 'id'>, null, void>(
  'archlens/alternatives/close',
);

export interface ResolveParams {
  readonly id: number;
  readonly index: number;
}

/** Adds seeds to an alternative that is within noise until it is decided or a limit is reached; verdicts come as `alternativeScored`. A text
 * says why it did not; null when it ended or was cancelled. */
export const resolveAlternative = new RequestType<ResolveParams, string | null, void>(
  'archlens/alternatives/resolve',
);

export interface ResolveProgress extends ResolveParams {
  /** Draws made of those of the look under way, of both networks. */
  readonly done: number;
  readonly total: number;
  /** Seeds of each network after the last look; as many as there are of the look under way. */
  readonly seeds: number;
  readonly most: number;
}

/** Server → client, while seeds are added. */
export const resolveProgress = new NotificationType<ResolveProgress>('archlens/alternatives/resolving');

export interface ModelParams {
  readonly uri: string;
  readonly model: string;
}

/** What a model of an open document costs; null while it has errors. */
export const modelTotals = new RequestType<ModelParams, NetworkTotals | null, void>('archlens/modelTotals');

export interface ImproveParams extends ModelParams {
  readonly budget: Budget;
  /** Most steps. */
  readonly steps: number;
  /** What may change; absent: all but activations. */
  readonly kinds?: readonly MoveKind[];
  /** What is made better, as `improve --by` names it; absent: VKDNW_single. */
  readonly by?: string;
}

/** A change that was preferred, for people. */
export interface CandidateText {
  /** `3x3 → 5x5` */
  readonly title: string;
  /** What both opinions say of it, and why it was not taken. */
  readonly verdict: string;
  /** What the score is worth for such a change, where that is little. */
  readonly worth?: string;
}

export interface ImproveResult extends Pick<Improvement, 'text' | 'end' | 'message'> {
  readonly steps: readonly CandidateText[];
  /** Changes that were looked at twice and not taken. */
  readonly refused: readonly CandidateText[];
  /** The neighbours of the text that was reached, with their verdicts, where the search ended there. */
  readonly last?: { readonly list: Alternatives; readonly verdicts: readonly Verdict[] };
  /** Of the document that `text` is an improvement of. */
  readonly version: number;
  readonly before: NetworkTotals;
  readonly after: NetworkTotals;
}

/**
 * Improves a model within a budget; null when it has errors. Changes nothing. Answers with the steps taken so far when
 * it is cancelled.
 */
export const improveModel = new RequestType<ImproveParams, ImproveResult | null, void>('archlens/improve');

export interface ImproveProgress {
  readonly steps: readonly string[];
  /** Neighbours scored of the step under way. */
  readonly tried: number;
  readonly total: number;
  /** The change that is looked at again. */
  readonly checking?: string;
}

/** Server → client, while a model is improved. */
export const improveProgress = new NotificationType<ImproveProgress>('archlens/improve/progress');
