import type { VNode } from 'preact';
import { columnTexts, type Measure, type SortColumn } from '../../../server/ranking/columns.ts';
import type { RankedGroup } from '../../../server/ranking/ranking.ts';
import {
  betterScore,
  betterWhere,
  judgedScore,
  otherwiseMade,
  poorKinds,
  trustLines,
} from '../../../server/ranking/trust.ts';
import type { FromLeaderboard } from '../protocol.ts';

interface TrustProps {
  readonly group: RankedGroup;
  readonly measure: Measure;
  readonly sort: SortColumn;
  readonly post: (message: FromLeaderboard) => void;
}

/** What the order of a group is worth as a prediction of accuracy, for each kind of comparison in it, and what is better. */
export function Trust({ group: { comparisons, rows }, measure, sort, post }: TrustProps): VNode | null {
  const score = judgedScore(measure);
  if (score === undefined || rows.length < 2) return null;
  const lines = trustLines(comparisons, score);
  if (lines.length === 0) return null;
  const poor = poorKinds(comparisons, score).length;
  const better = betterScore(comparisons, score);
  const settings = rows[0]?.entry.score?.settings;
  const made = settings === undefined ? undefined : otherwiseMade(settings);
  return (
    <div class={poor > 0 ? 'trust poor' : 'trust'} role="note" aria-label="What this order is worth">
      <p>
        {poor === 0
          ? `What an order by ${columnTexts[measure].label} is worth here`
          : `An order by ${columnTexts[measure].label} is no evidence of accuracy ${poor === lines.length ? 'here' : 'for some of what is compared here'}`}
        {', by Kendall’s τ with the accuracy of trained networks:'}
      </p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {made === undefined ? null : <p>{made}</p>}
      {better === undefined || sort === `proxy:${better}` ? null : (
        <button
          class="button"
          onClick={() => {
            post({ kind: 'show-better', name: better });
          }}
        >
          Sort by {better}
          {betterWhere(comparisons, score, better)}
        </button>
      )}
    </div>
  );
}
