import type { Span } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import type { Problem } from '../check/diagnostics.ts';

/** Several tensors that flow on together. */
export interface TensorTuple {
  readonly tuple: readonly NetworkNode[];
}

/** What flows from one statement to the next: a tensor, several, or nothing after an error that has been reported. */
export type Flowing = NetworkNode | TensorTuple | undefined;

export function isTuple(flowing: Flowing): flowing is TensorTuple {
  return flowing !== undefined && 'tuple' in flowing;
}

/** The tensors that flow, in their order; none after an error. */
export function tensorsOf(flowing: Flowing): readonly NetworkNode[] {
  if (flowing === undefined) return [];
  return isTuple(flowing) ? flowing.tuple : [flowing];
}

/** Tensors that flow on together; one alone is itself. */
export function together(tensors: readonly NetworkNode[]): Flowing {
  return tensors.length === 1 ? tensors[0] : { tuple: tensors };
}

/** Several tensors flow where one is needed by `what`. */
export function severalTensors(what: string, count: number, span: Span): Problem {
  return {
    code: 'tensor-count',
    message: `${what} takes one tensor, but ${count} flow in here: name them with \`[${namesFor(count)}] = …\`, then begin a flow with the one that is meant.`,
    span,
  };
}

/** `a, b`: as many names as there are tensors. */
export function namesFor(count: number): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].slice(0, count);
  return `${names.join(', ')}${count > names.length ? ', …' : ''}`;
}
