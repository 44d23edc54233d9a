import type { ArgValue } from '../../../server/network/op.ts';
import type { Tensor } from './tensor.ts';

/** A call of an op on one sample. */
export interface Call {
  readonly inputs: readonly Tensor[];
  readonly args: Readonly<Record<string, ArgValue>>;
  readonly param: (name: string) => Tensor;
}

export type Reference = (x: Tensor, call: Call) => Tensor;
