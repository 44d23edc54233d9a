import type { FlowStatement, OpCall, Span } from '../../../grammar/syntax.ts';
import type { SyntaxNode } from '../../../grammar/walk.ts';
import { needless } from '../../network/arguments.ts';
import type { OpChange } from '../../network/op.ts';
import { opRegistry } from '../../network/ops/index.ts';
import {
  type Fix,
  type Fixer,
  type FixContext,
  nodeAround,
  nodesAt,
  placeOf,
  removal,
  replace,
} from './fix.ts';

function callAt(context: FixContext, span: Span): OpCall | undefined {
  return nodesAt(context, span).find((node): node is OpCall => node.kind === 'op-call');
}

/** The change of a call that gives an argument another value, whether it is given already or not. */
function withArgument(call: OpCall, name: string, text: string): Fix['changes'][number] {
  const position = opRegistry.get(call.callee.name)?.args.findIndex((spec) => spec.name === name) ?? -1;
  const unnamed = call.args.filter((argument) => argument.name === undefined);
  const given = call.args.find((argument) => argument.name?.name === name) ?? unnamed[position];
  if (given !== undefined) return replace(given.value.span.start, given.value.span.end, text);
  const last = call.args.at(-1);
  return last === undefined
    ? replace(call.callee.span.end, call.span.end, `(${name} = ${text})`)
    : replace(last.span.end, last.span.end, `, ${name} = ${text}`);
}

/** What the op itself says would make its shapes fit. */
export const changeOp: Fixer = ({ location, changes = [] }, context) => {
  const call = callAt(context, location.span);
  if (call === undefined) return [];
  return changes.map((change: OpChange, index): Fix => {
    const preferred = index === 0;
    return change.kind === 'argument'
      ? {
          title: `Use \`${change.name} = ${change.text}\``,
          changes: [withArgument(call, change.name, change.text)],
          preferred,
          safe: false,
        }
      : {
          title: `Insert \`${change.op}\` before it`,
          changes: [replace(call.span.start, call.span.start, `${change.op} -> `)],
          preferred,
          safe: false,
        };
  });
};

/** Leaves out a bias that is given by name. */
export const removeBias: Fixer = ({ location }, context) => {
  const call = callAt(context, location.span);
  // A `dense` has one unless it is told otherwise.
  if (call?.callee.name === 'dense')
    return [
      {
        title: 'Use `bias = false`',
        changes: [withArgument(call, 'bias', 'false')],
        preferred: true,
        safe: false,
      },
    ];
  const index = call?.args.findIndex(({ name }) => name?.name === 'bias') ?? -1;
  if (call === undefined || index < 1) return [];
  const change = replace(call.args[index - 1]!.span.end, call.args[index]!.span.end, '');
  return [{ title: 'Leave the bias out', changes: [change], preferred: true, safe: false }];
};

/** Leaves out an argument of another framework that is not needed here. */
export const removeNeedless: Fixer = ({ location, message }, context) => {
  if (!message.endsWith(needless)) return [];
  const isCall = (node: SyntaxNode): node is OpCall => node.kind === 'op-call';
  const call = nodeAround(context, location.span, isCall);
  if (call === undefined) return [];
  const index = call.args.findIndex(({ name }) => name?.span.start === location.span.start);
  const given = call.args[index];
  if (given === undefined) return [];
  const { span } = given;
  const before = call.args[index - 1];
  const after = call.args[index + 1];
  const change =
    before !== undefined
      ? replace(before.span.end, span.end, '')
      : after !== undefined
        ? replace(span.start, after.span.start, '')
        : replace(call.callee.span.end, call.span.end, '');
  return [{ title: 'Leave it out', changes: [change], preferred: true, safe: false }];
};

/** A stride of the size of the kernel. */
export const strideOfKernel: Fixer = ({ location }, context) => {
  const call = callAt(context, location.span);
  const definition = opRegistry.get(call?.callee.name ?? '');
  if (call === undefined || definition === undefined) return [];
  const position = definition.args.findIndex(({ name }) => name === 'kernel');
  const unnamed = call.args.filter(({ name }) => name === undefined);
  const kernel = call.args.find(({ name }) => name?.name === 'kernel') ?? unnamed[position];
  if (kernel === undefined) return [];
  const text = context.text.slice(kernel.value.span.start, kernel.value.span.end);
  const change = withArgument(call, 'stride', text);
  return [{ title: `Use \`stride = ${text}\``, changes: [change], preferred: true, safe: false }];
};

/** Names a stride that is given by its place. */
export const nameStride: Fixer = ({ location: { span } }) => [
  {
    title: 'Name it `stride`',
    changes: [replace(span.start, span.start, 'stride = ')],
    preferred: true,
    safe: true,
  },
];

/** An image with its channels behind height and width. */
export const channelsLast: Fixer = ({ location: { span } }, { text }) => {
  const [channels, ...sides] = text.slice(span.start, span.end).split('x');
  const shape = [...sides, channels].join('x');
  const change = replace(span.start, span.end, shape);
  return [{ title: `Change to \`${shape}\``, changes: [change], preferred: true, safe: false }];
};

/** Leaves out a softmax, where it is written in the flow itself. */
export const removeSoftmax: Fixer = ({ location: { span } }, context) => {
  const call = callAt(context, span);
  const change = call?.callee.name === 'softmax' ? withoutElement(call, context) : undefined;
  return change === undefined
    ? []
    : [{ title: 'Remove the softmax', changes: [change], preferred: true, safe: false }];
};

/** Removes the second of two activations, or the first where it is written right before. */
export const removeActivation: Fixer = ({ location: { span }, message }, context) => {
  const second = callAt(context, span);
  if (second === undefined || !opRegistry.has(second.callee.name)) return [];
  const same = message.includes('changes nothing');
  const remove = (call: OpCall, preferred: boolean): Fix[] => {
    const change = withoutElement(call, context);
    const title = `Remove the ${preferred ? 'second' : 'first'} activation, \`${call.callee.name}\``;
    return change === undefined
      ? []
      : [{ title, changes: [change], preferred: preferred && same, safe: preferred && same }];
  };
  const flow = statementOf(second, context)?.flow.elements ?? [];
  const first = flow[placeOf(flow, span) - 1];
  const before =
    first?.kind === 'op-call' && opRegistry.get(first.callee.name)?.category === 'activation'
      ? first
      : undefined;
  return [...remove(second, true), ...(before === undefined || same ? [] : remove(before, false))];
};

function statementOf({ span }: OpCall, context: FixContext): FlowStatement | undefined {
  return nodeAround(context, span, (node): node is FlowStatement => node.kind === 'flow-statement');
}

function withoutElement(call: OpCall, context: FixContext): Fix['changes'][number] | undefined {
  const statement = statementOf(call, context);
  const elements = statement?.flow.elements ?? [];
  const index = placeOf(elements, call.span);
  if (statement === undefined || index === -1) return undefined;
  if (elements.length === 1) {
    const bare = statement.name === undefined && statement.assertion === undefined;
    return bare ? removal(context.text, statement.span) : undefined;
  }
  return index === 0
    ? replace(call.span.start, elements[1]!.span.start, '')
    : replace(elements[index - 1]!.span.end, call.span.end, '');
}

/** An edge without effect becomes `none`. */
export const noneEdge: Fixer = ({ location: { span } }) => [
  {
    title: 'Make the edge `none`',
    changes: [replace(span.start, span.end, 'none')],
    preferred: true,
    safe: true,
  },
];
