import type * as Tensorflow from '@tensorflow/tfjs-core';

export type Runtime = typeof Tensorflow;
export type Tensor = Tensorflow.Tensor;

/**
 * Order in memory of the axes of a rank-4 tensor. Kernels of tfjs want images as NHWC and filters as HWIO. `plain` is the order of
 * the IR, and of every tensor of another rank.
 */
export type Layout = 'plain' | 'nhwc' | 'hwio';

/** Logical axis by position in memory. */
const axisOrder: Readonly<Record<Exclude<Layout, 'plain'>, readonly number[]>> = {
  nhwc: [0, 2, 3, 1],
  hwio: [2, 3, 1, 0],
};

/** The logical axis at each position in memory. */
export function axesInMemory(layout: Layout, rank: number): readonly number[] {
  return layout === 'plain' ? Array.from({ length: rank }, (_, axis) => axis) : axisOrder[layout];
}

/** `list`, given per logical axis, in the order of memory. */
export function inMemory<T>(layout: Layout, list: readonly T[]): T[] {
  return axesInMemory(layout, list.length).map((axis) => list[axis]!);
}

/** A tensor of the program, in every layout that was asked for. */
export class Value {
  readonly #tf: Runtime;
  readonly #tensors = new Map<Layout, Tensor>();

  constructor(tf: Runtime, tensor: Tensor, layout: Layout) {
    this.#tf = tf;
    this.#tensors.set(layout, tensor);
  }

  /** Layout in which elementwise operations on it are done: images stay images. */
  get layout(): 'plain' | 'nhwc' {
    return this.#tensors.has('nhwc') ? 'nhwc' : 'plain';
  }

  as(layout: Layout): Tensor {
    const known = this.#tensors.get(layout);
    if (known !== undefined) return known;
    const [from, tensor] = [...this.#tensors][0]!;
    const order = axesInMemory(from, tensor.rank);
    const permutation = axesInMemory(layout, tensor.rank).map((axis) => order.indexOf(axis));
    const converted = this.#tf.transpose(tensor, permutation);
    this.#tensors.set(layout, converted);
    return converted;
  }

  each(visit: (tensor: Tensor) => void): void {
    for (const tensor of this.#tensors.values()) visit(tensor);
  }

  dispose(): void {
    this.each((tensor) => {
      tensor.dispose();
    });
    this.#tensors.clear();
  }
}
