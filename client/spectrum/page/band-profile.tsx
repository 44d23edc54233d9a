import type { VNode } from 'preact';
import { bandsText } from '../../../server/plot/bands.ts';
import type { Bands } from '../../../server/plot/bands.ts';

/** What an op holds of the tenths of the spectrum, drawn to the largest of them: small ops have a profile, too. */
export function BandProfile({ bands }: { readonly bands: Bands }): VNode {
  const most = Math.max(...bands.map((band) => band ?? 0));
  const text = bandsText(bands);
  return (
    <span class="profile" role="img" aria-label={text} title={text}>
      {bands.map((band, index) => (
        <span
          key={index}
          class={band === null ? 'empty' : undefined}
          style={{ blockSize: `${most === 0 ? 0 : (100 * (band ?? 0)) / most}%` }}
        />
      ))}
    </span>
  );
}
