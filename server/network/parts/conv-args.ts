import type { ArgSpec } from '../op.ts';

/** Kernel, stride, padding and dilation of convolutions, in the order users write them. */
export const CONV_WINDOW_ARGS: readonly ArgSpec[] = [
  {
    name: 'kernel',
    type: { kind: 'extent', min: 1, max: 255 },
    doc: 'Height and width of the kernel, `3x3` or `3`.',
  },
  {
    name: 'stride',
    type: { kind: 'extent', min: 1, max: 255 },
    default: [1, 1],
    doc: 'Step between kernel positions; 2 halves the resolution.',
  },
  {
    name: 'padding',
    type: { kind: 'padding' },
    default: 'same',
    doc: '`same` (keeps the size at stride 1), `same_tf`, `valid` (none), or rows and columns of zeros on each side.',
  },
  {
    name: 'dilation',
    type: { kind: 'extent', min: 1, max: 255 },
    default: [1, 1],
    doc: 'Distance between the elements of the kernel.',
  },
];
