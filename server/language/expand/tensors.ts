import type { FlowStatement, Span, TensorsElement } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import { notATensor } from '../check/problems.ts';
import type { Scope } from '../names/meaning.ts';
import type { Expansion } from './expansion.ts';
import { type Flowing, isTuple, namesFor, severalTensors, tensorsOf, together } from './flowing.ts';
import type { Frame } from './frame.ts';

/** `[a, b]` at the start of a flow; `undefined` after an error in one of them. */
export function tensorsNamed(
  expansion: Expansion,
  { names }: TensorsElement,
  scope: Scope,
  frame: Frame,
): Flowing {
  const tensors: NetworkNode[] = [];
  for (const { name, span } of names) {
    const binding = scope.lookup(name);
    if (binding?.kind !== 'tensor') {
      if (name === '') expansion.fail();
      else expansion.report(notATensor(name, span), frame);
    } else if (binding.node !== undefined) tensors.push(binding.node);
  }
  return tensors.length === names.length ? together(tensors) : undefined;
}

/** Names what a statement gives, one tensor or each of several, and gives what flows on: nothing after an error. */
export function nameTensors(
  expansion: Expansion,
  { name, names }: FlowStatement,
  flowing: Flowing,
  scope: Scope,
  frame: Frame,
): Flowing {
  const bound = name === undefined ? (names?.names ?? []) : [name];
  const tensors = tensorsOf(flowing);
  const fits = bound.length === 0 || bound.length === tensors.length;
  if (!fits && tensors.length > 0) {
    const problem = wrongCount(tensors.length, bound.length);
    expansion.report({ code: 'tensor-count', message: problem, span: name?.span ?? names!.span }, frame);
  }
  for (const [index, { name: own }] of bound.entries())
    scope.set(own, { kind: 'tensor', node: fits ? tensors[index] : undefined });
  return fits ? flowing : undefined;
}

function wrongCount(flow: number, named: number): string {
  const flows = flow === 1 ? 'One tensor flows' : `${flow} tensors flow`;
  const remedy =
    flow === 1
      ? 'write one name, or have the flow give more, as a block does that ends in `[a, b]`'
      : `write \`[${namesFor(flow)}] = …\``;
  return `${flows} here, but ${named === 1 ? 'one is' : `${named} are`} named: ${remedy}.`;
}

/** The one tensor that flows where a single one is needed by `what`; several are reported at `span`. */
export function single(
  expansion: Expansion,
  flowing: Flowing,
  what: string,
  span: Span,
  frame: Frame,
): NetworkNode | undefined {
  if (!isTuple(flowing)) return flowing;
  return expansion.report(severalTensors(what, flowing.tuple.length, span), frame);
}

/**
 * The tensors that come into something that needs `count` of them, in their order; `undefined` after an error. Another
 * number of tensors is reported at `span`.
 */
export function incoming(
  expansion: Expansion,
  flowing: Flowing,
  { name, count, declares }: { readonly name: string; readonly count: number; readonly declares: boolean },
  span: Span,
  frame: Frame,
): readonly NetworkNode[] | undefined {
  const tensors = tensorsOf(flowing);
  if (tensors.length === count) return tensors;
  if (tensors.length === 0) return undefined;
  const takes = `\`${name}\` takes ${count === 1 ? 'one tensor' : `${count} tensors`}, but ${
    tensors.length === 1 ? 'one flows' : `${tensors.length} flow`
  } in here`;
  const remedy =
    count === 1
      ? `begin a flow with the one that is meant${declares ? '' : `, or declare them as \`${name}[${namesFor(tensors.length)}]\``}`
      : `name them and write \`[${namesFor(count)}] -> ${name}\``;
  expansion.report({ code: 'tensor-count', message: `${takes}: ${remedy}.`, span }, frame);
  return undefined;
}
