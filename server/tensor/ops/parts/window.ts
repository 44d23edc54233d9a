/** Windows that move over images: what convolutions and pools share. */

import type { Pads, Pair } from '../../ir.ts';
import type { ProgramBuilder, Value } from '../../program-builder.ts';

/** The rows (or columns) of a result whose windows hold a row of the operand, not of the padding, at one tap. */
export interface TapRange {
  /** First row of the result. */
  readonly first: number;
  /** Number of rows; 0 when the tap only ever sees padding. */
  readonly count: number;
  /** Row of the operand that the first one reads; the next read `stride` further. */
  readonly reads: number;
}

export function tapRange(
  tap: number,
  stride: number,
  dilation: number,
  pad: number,
  extent: number,
  resultExtent: number,
): TapRange {
  const offset = tap * dilation - pad;
  const first = Math.max(0, Math.ceil(-offset / stride));
  const last = Math.min(resultExtent - 1, Math.floor((extent - 1 - offset) / stride));
  return { first, count: Math.max(0, last - first + 1), reads: first * stride + offset };
}

/**
 * Prepares the cotangent of a strided window op for the stride-1 window op that is its transpose: spreads it by the
 * stride, and gives the padding with which the result has exactly the operand's extents. Rows and columns that only
 * padding saw are cut off.
 */
export function adjointWindow(
  b: ProgramBuilder,
  cotangent: Value,
  kernel: Pair,
  dilation: Pair,
  stride: Pair,
  pads: Pads,
  extent: Pair,
): { readonly value: Value; readonly pads: Pads } {
  const spreadTo = ([0, 1] as const).map((i) => {
    const toLast = (cotangent.shape[2 + i]! - 1) * stride[i] + 1;
    // Zeros behind the last element, where they stand for padding: spreading evenly is cheaper for engines.
    return toLast + Math.min(stride[i] - 1, Math.max(0, extent[i] - toLast + pads[i]));
  });
  const spread = b.dilate(cotangent, stride, spreadTo[0]!, spreadTo[1]!);
  const before = ([0, 1] as const).map((i) => dilation[i] * (kernel[i] - 1) - pads[i]);
  const after = ([0, 1] as const).map((i) => extent[i] - spreadTo[i]! + pads[i]);
  const cut = (pad: number): number => Math.max(0, -pad);
  const size = ([0, 1] as const).map((i) => spreadTo[i]! - cut(before[i]!) - cut(after[i]!));
  const value = b.slice(
    spread,
    [0, 0, cut(before[0]!), cut(before[1]!)],
    [spread.shape[0]!, spread.shape[1]!, size[0]!, size[1]!],
  );
  const [top, left, bottom, right] = [...before, ...after].map((pad) => Math.max(0, pad)) as [
    number,
    number,
    number,
    number,
  ];
  return { value, pads: [top, left, bottom, right] };
}
