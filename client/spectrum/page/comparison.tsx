import type { VNode } from 'preact';
import type { Series } from '../../../server/plot/figure.ts';
import {
  formatChange,
  formatCount,
  formatDifference,
  formatScore,
  formatSingle,
} from '../../../server/base/quantities.ts';
import { marksBeside, marksText } from '../../../server/score/marks.ts';
import type { FromPage, Overlay } from '../protocol.ts';

interface ComparisonProps {
  readonly series: readonly Series[];
  readonly overlays: readonly Overlay[];
  readonly post: (message: FromPage) => void;
}

/** The models in the picture, each against the first. */
export function Comparison({ series, overlays, post }: ComparisonProps): VNode {
  const [first] = series;
  return (
    <section class="comparison" aria-label="Compared models">
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of compared models">
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="number">
                VKDNW
              </th>
              <th scope="col" class="number">
                <abbr title={`Against ${first?.name ?? 'the first'}`}>Δ</abbr>
              </th>
              <th scope="col" class="number">
                Single
              </th>
              <th scope="col" class="number">
                MACs
              </th>
              <th scope="col" class="number">
                <abbr title={`Against ${first?.name ?? 'the first'}`}>Δ MACs</abbr>
              </th>
              <th scope="col">
                <span class="visually-hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map(({ name, picture }, index) => {
              const overlay = overlays[index - 1];
              const base = first?.picture ?? picture;
              return (
                <tr key={overlay?.id ?? 'first'}>
                  <th scope="row">
                    <span class={`swatch series-${index % 6}`} aria-hidden="true" />
                    {name}
                  </th>
                  <td class="number" title={marksText(picture.marks)}>
                    {formatScore(picture.vkdnw.value, picture.vkdnw.se)}
                    {marksBeside(picture.marks)}
                  </td>
                  <td class="number">
                    {index === 0 ? '' : formatDifference(picture.vkdnw.value - base.vkdnw.value)}
                  </td>
                  <td class="number">{formatSingle(picture.layers, picture.vkdnw.value)}</td>
                  <td class="number">{formatCount(picture.macs)}</td>
                  <td class="number">{index === 0 ? '' : formatChange(base.macs, picture.macs)}</td>
                  <td class="number">
                    {overlay === undefined ? null : (
                      <button
                        class="button quiet icon"
                        aria-label={`Remove ${name}`}
                        title="Remove from the picture"
                        onClick={() => {
                          post({ kind: 'remove', id: overlay.id });
                        }}
                      >
                        ×
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
