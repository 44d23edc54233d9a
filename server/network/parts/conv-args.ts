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

export const CONV_GROUPS_ARG: ArgSpec = {
  name: 'groups',
  type: { kind: 'integer', min: 1, max: 65536 },
  default: 1,
  doc: 'Splits the channels into this many independent convolutions; divides input and output channels.',
};

export const CONV_BIAS_ARG: ArgSpec = {
  name: 'bias',
  type: { kind: 'boolean' },
  default: false,
  doc: 'Adds a learned number to every output channel.',
};
