import type { VNode } from 'preact';
import { bandsTogether } from '../../../server/plot/bands.ts';
import { isSampled, opsOf } from '../../../server/plot/depth.ts';
import type { VisibleStretch } from '../../../server/plot/depth.ts';
import { formatDifference, formatScore, formatShare } from '../../../server/base/quantities.ts';
import type { Place } from '../../../server/plot/picture.ts';
import { BandProfile } from './band-profile.tsx';

interface RowProps {
  readonly row: VisibleStretch;
  /** Shown in the tree of blocks, or alone with the calls that lead to it. */
  readonly tree: boolean;
  readonly open: boolean;
  /** The largest share of a row: the length of a full bar. */
  readonly most: number;
  readonly highlighted: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  readonly onReveal: (place: Place) => void;
}

export function ContributionRow(props: RowProps): VNode {
  const { row, tree, open, most, highlighted, onToggle, onReveal } = props;
  const { stretch, level } = row;
  const op = stretch.kind === 'op' ? stretch.op : undefined;
  const lit = highlighted.size > 0 && opsOf(stretch).some(({ path }) => highlighted.has(path)) && !open;
  const effect = op?.entropyEffect;
  // What is in an open block has profiles of its own.
  const bands = open ? undefined : bandsTogether(opsOf(stretch));
  const around = tree || op === undefined ? '' : op.calls.map(({ label }) => label).join(' › ');
  return (
    <tr class={lit ? 'lit' : undefined} aria-current={lit ? 'location' : undefined} data-row={stretch.key}>
      <th scope="row">
        <span class="name" style={{ paddingInlineStart: `${level * 14}px` }}>
          {stretch.kind === 'block' ? (
            <button
              class="twistie"
              aria-expanded={open}
              aria-label={`${open ? 'Fold' : 'Unfold'} ${stretch.label}`}
              onClick={() => {
                onToggle(stretch.key);
              }}
            >
              {open ? '▾' : '▸'}
            </button>
          ) : (
            <span class="twistie" />
          )}
          <button
            class="link"
            title="Show in the source"
            onClick={() => {
              onReveal(stretch.place);
            }}
          >
            {stretch.label}
          </button>
          {around === '' ? null : <span class="muted around">{around}</span>}
          {op?.silent === undefined ? null : (
            <span class="chip stale" title={op.silent}>
              no signal
            </span>
          )}
        </span>
      </th>
      <td class="share">
        <span class={open ? 'meter open' : 'meter'} aria-hidden="true">
          <span style={{ inlineSize: `${most === 0 ? 0 : Math.min(100, (100 * stretch.share) / most)}%` }} />
        </span>
        <span class={open ? 'number muted' : 'number'}>
          {isSampled(stretch) ? formatShare(stretch.share) : '–'}
        </span>
      </td>
      <td class="number muted error">{op?.share.se === undefined ? '' : formatShare(op.share.se)}</td>
      <td class="bands">{bands === undefined ? null : <BandProfile bands={bands} />}</td>
      <td class="number">
        {effect === undefined ? '' : formatDifference(effect.value)}
        {effect?.se === undefined ? null : <span class="muted error"> ± {formatScore(effect.se)}</span>}
      </td>
    </tr>
  );
}
