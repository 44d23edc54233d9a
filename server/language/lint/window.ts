import type { NetworkNode } from '../../network/network.ts';

/** What slides over an image: height and width each. */
export interface WindowSizes {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** The window of an op that has one. */
export function windowOf(args: NetworkNode['args']): WindowSizes | undefined {
  const { kernel, stride, dilation = [1, 1] } = args;
  return isExtent(kernel) && isExtent(stride) && isExtent(dilation)
    ? { kernel, stride, dilation }
    : undefined;
}

function isExtent(value: unknown): value is readonly number[] {
  return Array.isArray(value);
}
