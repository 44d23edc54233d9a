import type { CancellationToken } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { failureText } from '../../../base/failure-reasons.ts';
import * as protocol from '../../../protocol/what-if.ts';
import type { Alternatives, ResolveParams } from '../../../protocol/what-if.ts';
import { formatSettings } from '../../../score/settings.ts';
import type { ScoreSettings } from '../../../score/types.ts';
import { mostSeeds, resolveDifference } from '../../../search/resolve.ts';
import { SecondOpinions } from '../../../search/second-opinion.ts';
import type { Sized, Variant } from '../../../search/variants.ts';
import { Comparison, compareVariants } from '../../../search/what-if.ts';
import { comparisonOf } from '../../../worth/comparison.ts';
import { outlineOf } from '../../../worth/outline.ts';
import { rangeOf } from '../../ranges.ts';
import type { Session } from '../../session.ts';

/** Of the scheduler: after the quick scores of what is typed, before the ranking. */
const scoringJob = 'archlens.alternatives';
const resolvingJob = 'archlens.alternatives.resolve';

/** What a list is about: a network and its neighbours. */
interface Compared {
  readonly base: Sized;
  readonly variants: readonly Variant[];
  readonly settings: ScoreSettings;
}

type About = Pick<Alternatives, 'about' | 'model' | 'file' | 'others' | 'leftOut' | 'untried' | 'otherKinds'>;

/** The lists that a client shows; of those before the last one nothing is kept. */
export class AlternativeLists {
  readonly #session: Session;
  #lastId = 0;
  #compared: Compared | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Makes a list and starts to score it. @param document that its edits are of */
  open(compared: Compared, about: About, document: TextDocument): Alternatives {
    const list = this.note(compared, about, document);
    this.#session.background('Scoring alternatives', () => this.#score(list.id, compared));
    return list;
  }

  /** Makes a list that is scored already. */
  note(compared: Compared, about: About, document: TextDocument): Alternatives {
    this.close(this.#lastId);
    const { base, variants, settings } = compared;
    this.#lastId += 1;
    this.#compared = compared;
    const outline = outlineOf(base.network);
    return {
      id: this.#lastId,
      ...about,
      totals: base.totals,
      settings: formatSettings(settings),
      alternatives: variants.map(({ move, totals, network }) => ({
        title: move.title,
        kind: move.kind,
        edits: move.changes.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text })),
        totals,
        comparison: comparisonOf(outline, outlineOf(network)),
      })),
    };
  }

  close(id: number): void {
    if (id !== this.#lastId) return;
    this.#session.scheduler.cancel(scoringJob);
    this.#session.scheduler.cancel(resolvingJob);
    this.#compared = undefined;
  }

  /** @returns why it did not; null when it ended or was cancelled */
  async resolve({ id, index }: ResolveParams, token: CancellationToken): Promise<string | null> {
    const compared = id === this.#lastId ? this.#compared : undefined;
    const variant = compared?.variants[index];
    if (compared === undefined || variant === undefined) return 'The list is not open any more.';
    const { base, settings } = compared;
    const { scheduler, scoring, connection } = this.#session;
    const cancelling = token.onCancellationRequested(() => {
      scheduler.cancel(resolvingJob);
    });
    try {
      await scheduler.schedule(resolvingJob, 'visible', async (turn) => {
        const opinions = new SecondOpinions(scoring, settings, base);
        const most = mostSeeds(settings);
        await resolveDifference(scoring, opinions, settings, base, variant, {
          signal: turn.signal,
          interruption: turn,
          onSeeds: (done, total) => {
            void connection.sendNotification(protocol.resolveProgress, {
              id,
              index,
              done,
              total,
              seeds: total / 2,
              most,
            });
          },
          onLook: (verdict) => {
            void connection.sendNotification(protocol.alternativeScored, { id, index, verdict });
          },
        });
      });
      return null;
    } finally {
      cancelling.dispose();
    }
  }

  async #score(id: number, { base, variants, settings }: Compared): Promise<void> {
    const { scheduler, scoring, connection } = this.#session;
    const message = await scheduler.schedule(scoringJob, 'visible', async (turn) => {
      const options = { signal: turn.signal, interruption: turn };
      const comparison = new Comparison(scoring, settings, base);
      const outcome = await comparison.base(options);
      if (outcome.state === 'failed') return `${failureText(outcome.reason)}: ${outcome.message}`;
      await compareVariants(comparison, new SecondOpinions(scoring, settings, base), variants, {
        ...options,
        onVerdict: (index, verdict) => {
          void connection.sendNotification(protocol.alternativeScored, { id, index, verdict });
        },
      });
      return undefined;
    });
    await connection.sendNotification(protocol.alternativesEnded, {
      id,
      ...(message === undefined ? {} : { message }),
    });
  }
}
