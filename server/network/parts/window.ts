import type { Pads, Pair } from '../../tensor/ir.ts';
import { ShapeError } from '../op.ts';
import { formatShape } from '../shape.ts';
import type { Padding } from './args.ts';

/** A sliding window over an image: what convolution and pooling share. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
  /** A window more where elements are left over at the end, as `ceil_mode` of PyTorch. */
  readonly ceil?: boolean;
}

export interface WindowGeometry {
  readonly pads: Pads;
  /** `[height, width]` of the result. */
  readonly output: Pair;
}

function effectiveKernel(window: Window, axis: 0 | 1): number {
  return window.dilation[axis] * (window.kernel[axis] - 1) + 1;
}

/** Padding before and after along one axis of `size` elements. */
function axisPads(window: Window, axis: 0 | 1, size: number): Pair {
  if (window.padding === 'valid') return [0, 0];
  if (typeof window.padding !== 'string') return [window.padding[axis], window.padding[axis]];
  const kernel = effectiveKernel(window, axis);
  if (window.padding === 'same_tf') {
    // TensorFlow: ⌈size / stride⌉ positions, as little padding as they need, the odd one out at the end.
    const needed = (Math.ceil(size / window.stride[axis]) - 1) * window.stride[axis] + kernel;
    const total = Math.max(needed - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  // Symmetric for any stride, as PyTorch networks write it (`padding=k//2`).
  if (kernel % 2 === 1) return [(kernel - 1) / 2, (kernel - 1) / 2];
  // An even kernel has no centre: keep in / stride positions, the odd one out goes to the end.
  const total = Math.max(kernel - window.stride[axis], 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * Padding and output size, `floor((in + pads − k_eff) / stride) + 1` per axis; with `ceil` what the last window needs more than
 * that is among the pads at the end.
 * Throws `ShapeError` when the kernel does not fit the padded image, or never leaves the padding.
 */
export function windowGeometry(op: string, height: number, width: number, window: Window): WindowGeometry {
  const [top, bottom] = axisPads(window, 0, height);
  const [left, right] = axisPads(window, 1, width);
  const kernel: Pair = [effectiveKernel(window, 0), effectiveKernel(window, 1)];
  const rows = height + top + bottom - kernel[0];
  const columns = width + left + right - kernel[1];
  if (rows < 0 || columns < 0) {
    const dilated = window.dilation[0] > 1 || window.dilation[1] > 1 ? ' (dilated)' : '';
    const padded =
      top + bottom + left + right > 0 ? ` padded to ${height + top + bottom}x${width + left + right}` : '';
    throw new ShapeError(
      `\`${op}\`: a kernel of ${formatShape(kernel)}${dilated} does not fit into an image of ${height}x${width}${padded}`,
      'Use a smaller kernel or `padding = same`, or reduce the resolution less before it.',
      { code: 'size-vanishes', changes: [{ kind: 'argument', name: 'padding', text: 'same' }] },
    );
  }
  const output: Pair = [
    positions(rows, window, 0, height + top),
    positions(columns, window, 1, width + left),
  ];
  const meetsImage =
    meets(height, top, kernel[0], window.stride[0], output[0]) &&
    meets(width, left, kernel[1], window.stride[1], output[1]);
  if (!meetsImage) {
    throw new ShapeError(
      `\`${op}\`: every position of the kernel of ${formatShape(kernel)} lies in the padding of an image of ${height}x${width}`,
      'Use a padding smaller than the kernel, such as `padding = same`.',
    );
  }
  // What the last windows reach beyond, which only windows rounded up do.
  const below = Math.max(bottom, (output[0] - 1) * window.stride[0] + kernel[0] - height - top);
  const beside = Math.max(right, (output[1] - 1) * window.stride[1] + kernel[1] - width - left);
  return { pads: [top, left, below, beside], output };
}

/** @param room how far the kernel can move; @param end where the elements end, padding before them counted */
function positions(room: number, window: Window, axis: 0 | 1, end: number): number {
  const stride = window.stride[axis];
  const whole = Math.floor(room / stride) + 1;
  // A window that began behind the last element would hold padding alone.
  return window.ceil === true && room % stride !== 0 && whole * stride < end ? whole + 1 : whole;
}

/** Whether any of `count` windows reaches an element of the axis. */
function meets(size: number, before: number, kernel: number, stride: number, count: number): boolean {
  // The first window that does not end in the leading padding must exist and not start behind the last element.
  const first = Math.max(0, Math.ceil((before - kernel + 1) / stride));
  return first < count && first * stride - before < size;
}
