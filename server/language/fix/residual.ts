import type { OpCall, ResidualElement } from '../../../grammar/syntax.ts';
import { localNames } from '../lint/local-names.ts';
import { nodesAround, nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { type Fixer, replace } from './fix.ts';

/**
 * Gives a residual a projection with the width and the strides of its body, as ResNets have it. Where these depend on
 * parameters, the projection does too, and stands for all uses.
 */
export const addShortcut: Fixer = ({ location: { span } }, { parse, text }) => {
  const { start } = span;
  const residual = nodesAround(parse.file, { start, end: start }).find(
    (node): node is ResidualElement => node.kind === 'residual' && node.span.start === start,
  );
  if (residual === undefined) return [];
  const parts = nodesOf(residual.body as SyntaxNode, (node): node is SyntaxNode => node.kind !== undefined);
  // A loop takes its strides several times.
  if (parts.some(({ kind }) => kind === 'repeat' || kind === 'for')) return [];
  const calls = parts.filter((node): node is OpCall => node.kind === 'op-call');
  const widths = calls.flatMap((call) => argument(call, 'out', text) ?? []);
  const strides = calls.flatMap((call) => argument(call, 'stride', text) ?? []);
  const width = widths.at(-1);
  if (width === undefined || strides.length > 1) return [];
  // What the body names is not known beside it.
  const names = parts.flatMap((node) => localNames(node).map(({ name }) => name.name));
  if (names.some((name) => new RegExp(`\\b${name}\\b`).test(`${width} ${strides.join()}`))) return [];
  const stride = strides.length === 0 ? '' : `, stride = ${strides[0]!}`;
  const projection = `conv(${width}, 1x1${stride}) -> bn`;
  const { body, shortcut } = residual;
  const change =
    shortcut === undefined
      ? replace(body.span.end, body.span.end, ` shortcut { ${projection} }`)
      : replace(shortcut.span.start, shortcut.span.end, `{ ${projection} }`);
  const title = shortcut === undefined ? 'Add a projection shortcut' : 'Make the shortcut a projection';
  return [{ title, changes: [change], preferred: true, safe: false }];
};

/** The text of an argument of an op, by name or position; of a block, by name. */
function argument({ callee, args }: OpCall, name: string, text: string): string | undefined {
  const position = opRegistry.get(callee.name)?.args.findIndex((spec) => spec.name === name) ?? -1;
  const unnamed = args.filter((each) => each.name === undefined);
  const given = args.find((each) => each.name?.name === name) ?? unnamed[position];
  return given === undefined ? undefined : text.slice(given.value.span.start, given.value.span.end);
}
