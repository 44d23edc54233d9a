import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { opsAt } from '../../../server/plot/cursor.ts';
import { allBlocks, depthTree, isOpen, rows } from '../../../server/plot/depth.ts';
import type { Folding, Stretch, VisibleStretch } from '../../../server/plot/depth.ts';
import type { Picture, Place } from '../../../server/plot/picture.ts';
import { drawStrip } from '../../../server/plot/strip-figure.ts';
import type { AppProps } from './app-props.ts';
import { ContributionRow } from './contribution-row.tsx';
import { FigureView } from './figure-view.tsx';

/** Rows drawn at first; the rest comes on request. */
const fewRows = 200;

type Props = AppProps & { readonly picture: Picture; readonly note: string | undefined };

/** What every op contributes: along the depth, and as a list; both lead to the source. */
export function ContributionSection({ state, picture, cursor, change, post, note }: Props): VNode {
  const { ops } = picture.contributions;
  const tree = useMemo(() => depthTree(ops), [ops]);
  const folding: Folding = { toggled: new Set(state.toggled) };
  const highlighted = useMemo(
    () => (cursor === undefined ? new Set<string>() : opsAt(picture, cursor)),
    [picture, cursor],
  );
  const [showAll, setShowAll] = useState(false);
  const all = state.order === 'depth' ? rows(tree, folding) : byShare(tree);
  const shown = showAll ? all : all.slice(0, fewRows);
  const most = Math.max(
    ...all.map(({ stretch }) => (stretch.kind === 'op' || !isOpen(stretch, folding) ? stretch.share : 0)),
    0,
  );

  const toggle = (key: string): void => {
    const toggled = new Set(state.toggled);
    if (!toggled.delete(key)) toggled.add(key);
    change({ toggled: [...toggled] });
  };
  const reveal = ({ uri, start, end }: Place): void => {
    post({ kind: 'reveal', place: { uri, start: { ...start }, end: { ...end } } });
  };
  const onClick = (event: MouseEvent): void => {
    const item = event.target instanceof Element ? event.target.closest('[data-key]') : null;
    const key = item?.getAttribute('data-key');
    const found = rows(tree, folding).find(({ stretch }) => stretch.key === key);
    if (found === undefined) return;
    if (found.stretch.kind === 'block') toggle(found.stretch.key);
    reveal(found.stretch.place);
  };

  return (
    <section class={picture.contributions.earlier === true ? 'contributions old' : 'contributions'}>
      <div class="bar">
        <h2>Contributions along the depth</h2>
        <button
          class="button quiet"
          onClick={() => {
            change({ toggled: [...allBlocks(tree, 'open').toggled] });
          }}
        >
          Unfold all
        </button>
        <button
          class="button quiet"
          onClick={() => {
            change({ toggled: [...allBlocks(tree, 'closed').toggled] });
          }}
        >
          Fold all
        </button>
      </div>
      <p class="muted">Share of the trace of the Fisher information.{note === undefined ? '' : ` ${note}`}</p>
      <FigureView
        name="strip"
        draw={(options) => drawStrip({ name: picture.model, picture }, { ...options, folding, highlighted })}
        onClick={onClick}
      />
      <div class="bar">
        <div role="group" aria-label="Order" class="choice">
          {(['depth', 'share'] as const).map((order) => (
            <button
              key={order}
              class="button quiet"
              aria-pressed={state.order === order}
              onClick={() => {
                change({ order });
              }}
            >
              {order === 'depth' ? 'In order of depth' : 'Largest first'}
            </button>
          ))}
        </div>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of contributions">
        <table class="list">
          <caption class="visually-hidden">Contributions of the ops and blocks of {picture.model}</caption>
          <thead>
            <tr>
              <th scope="col">Op</th>
              <th scope="col" class="share">
                Share
              </th>
              <th scope="col" class="number error">
                <abbr title="Standard error over seeds">±</abbr>
              </th>
              <th scope="col" class="bands">
                <abbr title="Share of each tenth of the spectrum, from the smallest eigenvalues to the largest, drawn to the largest of a row">
                  Bands
                </abbr>
              </th>
              <th scope="col" class="number effect">
                <abbr title="Entropy without the op minus the entropy with it: negative where the op makes the spectrum more even">
                  Effect
                </abbr>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <ContributionRow
                key={row.stretch.key}
                row={row}
                tree={state.order === 'depth'}
                open={row.stretch.kind === 'block' && isOpen(row.stretch, folding)}
                most={most}
                highlighted={highlighted}
                onToggle={toggle}
                onReveal={reveal}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < all.length ? (
        <button
          class="button"
          onClick={() => {
            setShowAll(true);
          }}
        >
          Show all {all.length}
        </button>
      ) : null}
    </section>
  );
}

function byShare(tree: readonly Stretch[]): VisibleStretch[] {
  const ops = rows(tree, allBlocks(tree, 'open')).filter(({ stretch }) => stretch.kind === 'op');
  return ops.map((row) => ({ ...row, level: 0 })).sort((a, b) => b.stretch.share - a.stretch.share);
}
