import type { ProgramBuilder, Value } from '../../tensor/builder.ts';
import type { Pads } from '../../tensor/ir.ts';
import { ShapeError, type ArgSpec, type ArgValue, type OpContext } from '../op.ts';
import type { Shape } from '../shape.ts';
import { booleanArg, paddingArg, pairArg } from './args.ts';
import { requireImage } from './inputs.ts';
import { windowGeometry, type Window } from './window.ts';

const NO_PADS: Pads = [0, 0, 0, 0];

export const POOL_ARGS: readonly ArgSpec[] = [
  {
    name: 'kernel',
    type: { kind: 'extent', min: 1, max: 1024 },
    doc: 'Height and width of the window, `2x2` or `2`.',
  },
  {
    name: 'stride',
    type: { kind: 'extent', min: 1, max: 1024 },
    defaultFrom: 'kernel',
    doc: 'Step between windows; the kernel size when left out.',
  },
  {
    name: 'padding',
    type: { kind: 'padding' },
    default: 'valid',
    doc: '`valid` (none), `same`, `same_tf`, or rows and columns added on each side, less than the kernel.',
  },
  {
    name: 'ceil_mode',
    type: { kind: 'boolean' },
    default: false,
    doc: 'A last window also where elements are left over that do not fill it: sizes are rounded up.',
  },
];

export function poolWindow(args: Readonly<Record<string, ArgValue>>): Window {
  return {
    kernel: pairArg(args, 'kernel'),
    stride: pairArg(args, 'stride'),
    padding: paddingArg(args, 'padding'),
    dilation: [1, 1],
    ceil: booleanArg(args, 'ceil_mode'),
  };
}

/** `[channels, height', width']`; every window must hold at least one real element. */
export function poolShape(op: string, context: OpContext, window: Window): Shape {
  const [channels, height, width] = requireImage(op, context);
  if (
    typeof window.padding !== 'string' &&
    (window.padding[0] >= window.kernel[0] || window.padding[1] >= window.kernel[1])
  ) {
    throw new ShapeError(
      `\`${op}\`: a padding of ${window.padding.join('x')} reaches the kernel of ${window.kernel.join('x')}, so a window would hold nothing but padding`,
      'Use a padding smaller than the kernel, such as `padding = same`.',
    );
  }
  return [channels, ...windowGeometry(op, height, width, window).output];
}

export function lowerMaxPool(builder: ProgramBuilder, op: string, x: Value, window: Window): Value {
  const { pads } = windowGeometry(op, x.shape[2]!, x.shape[3]!, window);
  return builder.pool('max', x, window.kernel, window.stride, pads);
}

/**
 * The mean over the elements of each window.
 *
 * @param countsPadding whether zeros of the padding are among them; what a window rounded up reaches beyond them never is
 */
export function lowerAveragePool(
  builder: ProgramBuilder,
  op: string,
  x: Value,
  window: Window,
  countsPadding = false,
): Value {
  const [height, width] = [x.shape[2]!, x.shape[3]!];
  const { pads } = windowGeometry(op, height, width, window);
  const sum = builder.pool('sum', x, window.kernel, window.stride, pads);
  const asked = windowGeometry(op, height, width, { ...window, ceil: false }).pads;
  const counted = countsPadding ? asked : NO_PADS;
  if (pads.every((pad, side) => pad === counted[side])) {
    return builder.affine(sum, 1 / (window.kernel[0] * window.kernel[1]));
  }
  // How many elements a window holds, counted by the same pooling over ones: a constant that engines fold, and
  // that the builder shares among equal pools.
  const [top, left, bottom, right] = counted;
  const ones = builder.broadcast(builder.scalar(1, 4), [1, 1, top + height + bottom, left + width + right]);
  const beyond = pads.map((pad, side) => pad - counted[side]!) as unknown as Pads;
  const counts = builder.pool('sum', ones, window.kernel, window.stride, beyond);
  return builder.mul(sum, builder.unary('reciprocal', counts));
}
