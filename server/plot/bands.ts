import { formatShare } from '../base/quantities.ts';

/** What an op holds of each tenth of the spectrum, the smallest eigenvalues first; null where a tenth holds nothing. */
export type Bands = readonly (number | null)[];

export const bandNames = ['lowest', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th', '9th', 'highest'].map(
  (name) => `${name} tenth`,
);

/** What several ops hold together; undefined where none of them was looked into. */
export function bandsTogether(ops: readonly { readonly bands?: Bands }[]): Bands | undefined {
  const known = ops.flatMap(({ bands }) => (bands === undefined ? [] : [bands]));
  return known[0]?.map((band, index) =>
    band === null ? null : known.reduce((sum, bands) => sum + (bands[index] ?? 0), 0),
  );
}

/** The tenth of which most is held. */
export function strongestBand(bands: Bands): { readonly name: string; readonly share: number } {
  const shares = bands.map((band) => band ?? 0);
  const share = Math.max(...shares);
  return { name: bandNames[shares.indexOf(share)] ?? '', share };
}

/** Every number of a profile, for those who do not see it. */
export function bandsText(bands: Bands): string {
  const { name, share } = strongestBand(bands);
  const all = bands.map((band) => (band === null ? 'nothing to hold' : formatShare(band))).join(', ');
  return `Most in the ${name} of the spectrum (${formatShare(share)}). From the lowest tenth: ${all}.`;
}
