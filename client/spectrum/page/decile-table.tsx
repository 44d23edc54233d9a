import type { VNode } from 'preact';
import type { Series } from '../../../server/plot/figure.ts';
import { formatScientific, formatShare } from '../../../server/base/quantities.ts';
import { normalised } from '../../../server/plot/picture.ts';

/** The numbers behind spectrum and deciles, for those who do not see the pictures and those who want digits. */
export function DecileTable({ series }: { readonly series: readonly Series[] }): VNode {
  const columns = series.map(({ name, picture }) => ({
    name,
    deciles: picture.deciles,
    shares: normalised(picture.deciles),
  }));
  return (
    <details>
      <summary>Numbers</summary>
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of deciles">
        <table>
          <caption class="visually-hidden">Deciles of the eigenvalues and their shares in their sum</caption>
          <thead>
            <tr>
              <th scope="col">Decile</th>
              {columns.map(({ name }) => [
                <th scope="col" class="number">
                  {columns.length === 1 ? 'λ' : `${name} λ`}
                </th>,
                <th scope="col" class="number">
                  Share
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: 9 }, (_, index) => (
              <tr key={index}>
                <th scope="row">0.{index + 1}</th>
                {columns.map(({ deciles, shares }) => [
                  <td class="number">{formatScientific(deciles[index] ?? 0)}</td>,
                  <td class="number">{formatShare(shares[index] ?? 0)}</td>,
                ])}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
