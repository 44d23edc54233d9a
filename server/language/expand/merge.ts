import type { ParallelElement, ResidualElement, Span } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import type { OpDefinition } from '../../network/op.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { describeShape } from '../../network/parts/inputs.ts';
import { sameShape, type Shape } from '../../network/shape.ts';
import type { Problem } from '../check/diagnostics.ts';
import type { Expansion } from './expansion.ts';
import type { Frame } from './frame.ts';

/** Sum of tensors (one alone is itself); `undefined` when one is missing or their shapes differ. */
export function sum(
  expansion: Expansion,
  terms: readonly (NetworkNode | undefined)[],
  path: string,
  span: Span,
  frame: Frame,
): NetworkNode | undefined {
  return combine(expansion, opRegistry.get('add')!, terms, path, span, frame);
}

/** The output of a `residual`: its body plus its shortcut. */
export function mergeResidual(
  expansion: Expansion,
  element: ResidualElement,
  body: NetworkNode | undefined,
  shortcut: NetworkNode | undefined,
  path: string,
  frame: Frame,
): NetworkNode | undefined {
  const span = keyword(element.span, 'residual');
  if (body !== undefined && shortcut !== undefined && !sameShape(body.shape, shortcut.shape)) {
    const written = element.shortcut !== undefined;
    return expansion.report(residualMismatch(body.shape, shortcut.shape, written, span), frame);
  }
  return sum(expansion, [body, shortcut], path, span, frame);
}

function residualMismatch(body: Shape, shortcut: Shape, written: boolean, span: Span): Problem {
  const what = written ? 'its shortcut' : 'its input';
  const message = `A residual adds its body to ${what}, but the body gives ${describeShape(body)} and ${what} ${written ? 'gives' : 'is'} ${describeShape(shortcut)}.`;
  return {
    code: 'residual-mismatch',
    message: `${message} ${residualRemedy(body, shortcut, written)}`,
    span,
  };
}

function residualRemedy(body: Shape, shortcut: Shape, written: boolean): string {
  const [out, height] = body;
  const [, from] = shortcut;
  if (body.length !== 3 || shortcut.length !== 3) {
    return body.length === 2 && shortcut.length === 2 && body[0] === shortcut[0]
      ? `End the body with \`dense(${shortcut[1]})\`.`
      : 'Bring both to one shape.';
  }
  const stride = Math.round(from! / height!);
  const projection = stride > 1 ? `conv(${out}, 1x1, stride = ${stride}) -> bn` : `conv(${out}, 1x1) -> bn`;
  if (from! < height!) return 'The body enlarges the image: bring both to one size.';
  return written
    ? `Make the shortcut match, for instance with \`${projection}\`.`
    : `Add \`shortcut { ${projection} }\`.`;
}

/** The output of a `parallel`: its branches added or put side by side. */
export function mergeParallel(
  expansion: Expansion,
  element: ParallelElement,
  branches: readonly (NetworkNode | undefined)[],
  path: string,
  frame: Frame,
): NetworkNode | undefined {
  const definition = opRegistry.get(element.merge)!;
  return combine(expansion, definition, branches, path, keyword(element.span, 'parallel'), frame);
}

/** What an op makes of tensors (one alone is itself); `undefined` when one is missing or they do not fit. */
export function combine(
  expansion: Expansion,
  definition: OpDefinition,
  terms: readonly (NetworkNode | undefined)[],
  path: string,
  span: Span,
  frame: Frame,
): NetworkNode | undefined {
  const known = terms.filter((term) => term !== undefined);
  if (known.length === 0 || known.length < terms.length) return expansion.fail();
  if (known.length === 1) return known[0];
  return expansion.apply(definition, {}, known, `${path}/${definition.name}.0`, span, frame);
}

/** The word itself: the span of the element covers everything inside. */
export function keyword(span: Span, word: string): Span {
  return { start: span.start, end: Math.min(span.end, span.start + word.length) };
}
