import type { VNode } from 'preact';
import type { Series } from '../../../server/plot/figure.ts';
import { madeBy, madeByRows } from '../../../server/plot/provenance.ts';

/** How the numbers were made: one line, and everything behind it. */
export function Provenance({ series }: { readonly series: readonly Series[] }): VNode {
  const [first] = series;
  return (
    <footer>
      {first === undefined ? null : <p class="muted">{madeBy(first.picture.origin)}</p>}
      <details>
        <summary>How the numbers were made</summary>
        {series.map(({ name, picture }, index) => (
          <div key={index}>
            {series.length === 1 ? null : <h3>{name}</h3>}
            <dl class="rows">
              {madeByRows(picture.origin).map(([term, value]) => (
                <div key={term}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </details>
    </footer>
  );
}
