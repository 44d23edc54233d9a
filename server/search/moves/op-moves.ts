import { own } from '../../base/own.ts';
import type { Argument, Expr, OpCall, Span } from '../../../grammar/syntax.ts';
import type { ArgSpec, OpDefinition } from '../../network/op.ts';
import { opRegistry } from '../../network/ops/index.ts';
import type { Move, MoveKind } from './move.ts';
import { neighbouringCounts, neighbouringKernels, neighbouringWidths, wholeNumber } from './numbers.ts';

/** Numbers of groups that are tried. */
const groupCounts = [2, 4, 8];

/** Ops that stand for no other of their category: `softmax` is one of weights, not of features, `lrn` is of another time. */
const apart: ReadonlySet<string> = new Set(['softmax', 'lrn']);

/** Ops of a category that can stand for one another. */
function alike({ name, category }: OpDefinition): readonly string[] {
  return [...opRegistry.values()]
    .filter((op) => op.category === category && op.name !== name && !apart.has(op.name))
    .map((op) => op.name);
}

const interchangeable: Partial<Record<OpDefinition['category'], MoveKind>> = {
  activation: 'activation',
  norm: 'norm',
  'nas-bench-201': 'cell edge',
};

/** A replacement of a span. */
export function replacement(kind: MoveKind, text: string, span: Span, by: string): Move {
  return {
    kind,
    title: `${short(text.slice(span.start, span.end))} → ${short(by)}`,
    changes: [{ span, text: by }],
  };
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 48 ? `${line.slice(0, 47)}…` : line;
}

/** Other ops in the place of a name that stands for an op: `relu` in `relu` and in `Block(act = relu)`. */
export function otherOps(text: string, name: string, span: Span): readonly Move[] {
  const definition = opRegistry.get(name);
  const kind = definition === undefined ? undefined : interchangeable[definition.category];
  if (definition === undefined || kind === undefined || apart.has(name)) return [];
  return alike(definition).map((other) => replacement(kind, text, span, other));
}

/** The neighbours of an op with its arguments: other ops, and other values of each argument. */
export function opMoves(text: string, call: OpCall): readonly Move[] {
  const definition = opRegistry.get(call.callee.name);
  if (definition === undefined) return [];
  return [
    ...otherOps(text, call.callee.name, call.span),
    ...poolMoves(text, call),
    ...convolutionMoves(text, call),
    ...call.args.flatMap((argument) => opArgumentMoves(text, call, argument)),
  ];
}

/** The neighbours in one argument of an op. */
export function opArgumentMoves(text: string, call: OpCall, argument: Argument): readonly Move[] {
  const spec = specOf(call, argument);
  const { value } = argument;
  switch (spec?.name) {
    case 'kernel':
      return kernelMoves(text, value);
    case 'out':
      return widthMoves(text, value, wholeNumber(given(call, 'groups')?.value) ?? 1);
    case 'heads':
      return countMoves('heads', text, value, (heads) =>
        [heads / 2, heads * 2].filter((count) => Number.isInteger(count)),
      );
    case 'groups':
      return countMoves('groups', text, value, (groups) =>
        [1, groups / 2, groups * 2].filter((count) => Number.isInteger(count) && count !== groups),
      );
    case 'multiplier':
      return countMoves('width', text, value, neighbouringCounts);
    case undefined:
    default:
      return [];
  }
}

/** Other kernels in the place of one that is written out. */
export function kernelMoves(text: string, value: Expr): readonly Move[] {
  return (neighbouringKernels(value) ?? []).map((kernel) => replacement('kernel', text, value.span, kernel));
}

/** A quarter less and more; of what is computed, by a factor around it. */
export function widthMoves(text: string, value: Expr, divisor = 1): readonly Move[] {
  const width = wholeNumber(value);
  if (width !== undefined)
    return neighbouringWidths(width, divisor).map((other) =>
      replacement('width', text, value.span, String(other)),
    );
  // The number of classes is no width: another one would not fit.
  if (value.kind === 'missing' || (value.kind === 'name' && value.name === 'classes')) return [];
  const inner = text.slice(value.span.start, value.span.end);
  const factor = value.kind === 'name' || value.kind === 'call' ? inner : `(${inner})`;
  return ['0.75', '1.25'].map((by) => replacement('width', text, value.span, `round8(${factor} * ${by})`));
}

function countMoves(
  kind: MoveKind,
  text: string,
  value: Expr,
  others: (count: number) => readonly number[],
): readonly Move[] {
  const count = wholeNumber(value);
  return count === undefined
    ? []
    : [...new Set(others(count))].map((other) => replacement(kind, text, value.span, String(other)));
}

function poolMoves(text: string, call: OpCall): readonly Move[] {
  const partners: Readonly<Record<string, string>> = {
    maxpool: 'avgpool',
    avgpool: 'maxpool',
    gap: 'gmp',
    gmp: 'gap',
  };
  const partner = own(partners, call.callee.name);
  return partner === undefined ? [] : [replacement('pooling', text, call.callee.span, partner)];
}

/** A full convolution with groups, or depthwise; a depthwise one in full. */
function convolutionMoves(text: string, call: OpCall): readonly Move[] {
  const source = ({ span }: { readonly span: Span }): string => text.slice(span.start, span.end);
  if (call.callee.name === 'conv') {
    const out = given(call, 'out');
    const kernel = given(call, 'kernel');
    if (out === undefined || kernel === undefined) return [];
    const groups = given(call, 'groups');
    const depthwise = call.args.filter((argument) => argument !== out && argument !== groups).map(source);
    const last = call.args.at(-1)!;
    return [
      replacement('convolution', text, call.span, `dwconv(${depthwise.join(', ')})`),
      ...(groups === undefined
        ? groupCounts.map((count): Move => {
            const change = {
              span: { start: last.span.end, end: last.span.end },
              text: `, groups = ${count}`,
            };
            return { kind: 'groups', title: `groups = ${count}`, changes: [change] };
          })
        : []),
    ];
  }
  if (call.callee.name !== 'dwconv' || given(call, 'multiplier') !== undefined) return [];
  const full = ['channels', ...call.args.map(source)];
  return [replacement('convolution', text, call.span, `conv(${full.join(', ')})`)];
}

/** The argument that gives a parameter of an op its value. */
function given(call: OpCall, name: string): Argument | undefined {
  return call.args.find((argument) => specOf(call, argument)?.name === name);
}

function specOf(call: OpCall, argument: Argument): ArgSpec | undefined {
  const specs = opRegistry.get(call.callee.name)?.args ?? [];
  return argument.name === undefined
    ? specs[call.args.filter(({ name }) => name === undefined).indexOf(argument)]
    : specs.find(({ name }) => name === argument.name?.name);
}
