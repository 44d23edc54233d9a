import type { VNode } from 'preact';
import type { Series } from '../../../server/plot/figure.ts';
import { quantileLevels, quantileName } from '../../../server/fisher/deciles.ts';
import { formatScientific, formatShare } from '../../../server/base/quantities.ts';
import { normalised } from '../../../server/plot/picture.ts';

/** The numbers behind spectrum and deciles, for those who do not see the pictures and those who want digits. */
export function DecileTable({ series }: { readonly series: readonly Series[] }): VNode {
  const columns = series.map(({ name, picture }) => ({
    name,
    levels: quantileLevels(picture.origin.settings.norm),
    deciles: picture.deciles,
    shares: normalised(picture.deciles),
  }));
  // Deciles are among all quantiles, where both are laid over each other.
  const levels = [...new Set(columns.flatMap((column) => column.levels))].sort((a, b) => a - b);
  const word = series.some(({ picture }) => quantileName(picture.origin.settings.norm) === 'quantile')
    ? 'Quantile'
    : 'Decile';
  return (
    <details>
      <summary>Numbers</summary>
      <div class="scroll" tabIndex={0} role="group" aria-label={`Table of ${word.toLowerCase()}s`}>
        <table>
          <caption class="visually-hidden">{word}s of the eigenvalues and their shares in their sum</caption>
          <thead>
            <tr>
              <th scope="col">{word}</th>
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
            {levels.map((level) => (
              <tr key={level}>
                <th scope="row">{level}</th>
                {columns.map((column) => {
                  const index = column.levels.indexOf(level);
                  return [
                    <td class="number">{index < 0 ? '' : formatScientific(column.deciles[index]!)}</td>,
                    <td class="number">{index < 0 ? '' : formatShare(column.shares[index]!)}</td>,
                  ];
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
