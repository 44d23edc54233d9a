import { formatInteger, formatSize } from '../../../base/quantities.ts';
import type { SpaceAnalysis } from '../../../language/analysis.ts';

/** How many networks a space holds, and how that is known. */
export interface SizeText {
  /** `15,625 networks`, `≈ 33,500,000,000 networks` */
  readonly networks: string;
  /** Of an estimate: its interval, and what it was made of. */
  readonly how?: string;
}

/** The size of a space in words; finds it, which may take some tenths of a second. `undefined` where it cannot be counted. */
export function sizeText(space: SpaceAnalysis): SizeText | undefined {
  const { size, estimate } = space;
  if (size === undefined) return undefined;
  if (estimate === undefined)
    return { networks: `${formatSize(size)} ${size === 1n ? 'network' : 'networks'}` };
  const { low, high, drawn, kept, of } = estimate;
  const networks = kept === 0 ? `fewer than ${rounded(high)} networks` : `≈ ${rounded(size)} networks`;
  const interval = kept === 0 ? '' : `95 %: ${rounded(low)} to ${rounded(high)}. `;
  return {
    networks,
    how: `${interval}${formatInteger(kept)} of ${formatInteger(drawn)} members drawn at random keep to the constraints, of ${formatSize(of)} in all; the interval is Wilson's.`,
  };
}

/** Three digits of an estimate. */
function rounded(size: bigint): string {
  const unit = 10n ** BigInt(Math.max(0, size.toString().length - 3));
  return formatSize(((size + unit / 2n) / unit) * unit);
}
