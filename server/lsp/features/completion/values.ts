import { CompletionItemKind } from 'vscode-languageserver/node';
import { own } from '../../../base/own.ts';
import type { ParametricDecl } from '../../../language/names/templates.ts';
import { expressionText } from '../../../../grammar/print/expression.ts';
import { describeType, formatValue } from '../../../network/arguments.ts';
import type { ArgSpec, OpDefinition } from '../../../network/op.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { Group } from '../../../language/cursor/cursor.ts';
import { usedAs } from '../../../language/cursor/parameter-use.ts';
import { stop, usualSizes } from './calls.ts';
import { ranks } from './item.ts';
import type { Suggestion } from './item.ts';

/** What can be called with arguments of known names. */
export type Callee =
  | { readonly kind: 'op'; readonly op: OpDefinition }
  | { readonly kind: 'declared'; readonly decl: ParametricDecl };

/** `name = ` for every argument that is not given yet. */
export function argumentNames(callee: Callee, { position, given }: Group): readonly Suggestion[] {
  const names =
    callee.kind === 'op'
      ? callee.op.args.map((arg) => ({
          name: arg.name,
          required: arg.default === undefined && arg.defaultFrom === undefined,
          start: startOf(arg),
          doc: `${arg.doc} It is ${describeType(arg.type)}.`,
          signature: arg.defaultFrom ?? (arg.default === undefined ? '' : formatValue(arg.default)),
        }))
      : callee.decl.params.map(({ name, defaultValue }) => ({
          name: name.name,
          required: defaultValue === undefined,
          start: defaultValue === undefined ? '' : expressionText(defaultValue, 40),
          doc: usedAs(callee.decl, name.name)?.arg.doc ?? '',
          signature: defaultValue === undefined ? '' : expressionText(defaultValue, 40),
        }));
  const unnamed = position - given.length;
  const known = new Set(given);
  return names
    .filter(({ name }, index) => index >= unnamed && !known.has(name))
    .map(({ name, required, start, doc, signature }) => ({
      label: `${name} = `,
      filter: name,
      kind: CompletionItemKind.Field,
      rank: ranks.local,
      snippet: `${name} = ${stop(1, start)}`,
      ...(signature === '' ? {} : { signature }),
      description: required ? 'required' : 'optional',
      ...(doc === '' ? {} : { documentation: doc }),
      again: true,
    }));
}

/** What is worth writing instead of the default. */
function startOf({ type, default: fallback, name }: ArgSpec): string {
  if (type.kind === 'boolean') return String(fallback !== true);
  if (name === 'stride') return '2';
  return fallback === undefined ? '' : formatValue(fallback);
}

/** Values an argument may have, the usual ones where there are too many. */
export function argumentValues(callee: Callee, call: Group, name: string | undefined): readonly Suggestion[] {
  if (callee.kind === 'op') {
    const { op } = callee;
    const arg = name === undefined ? op.args[call.position] : op.args.find((each) => each.name === name);
    return arg === undefined ? [] : specValues(op, arg);
  }
  const { params } = callee.decl;
  const param = name === undefined ? params[call.position] : params.find((each) => each.name.name === name);
  if (param === undefined) return [];
  const use = usedAs(callee.decl, param.name.name);
  if (use !== undefined) return specValues(use.op, use.arg);
  const fallback = param.defaultValue;
  if (fallback?.kind !== 'name') return [];
  // A parameter that is an op by default wants ops of its kind.
  const category = opRegistry.get(fallback.name)?.category;
  return [...opRegistry.values()]
    .filter((op) => category !== undefined && op.category === category)
    .map((op) => ({
      label: op.name,
      kind: CompletionItemKind.Function,
      rank: ranks.expected,
      description: op.category,
      details: { of: 'op', name: op.name },
      ...(op.name === fallback.name ? { preselect: true } : {}),
    }));
}

function specValues(op: OpDefinition, arg: ArgSpec): readonly Suggestion[] {
  const fallback = arg.default === undefined ? undefined : formatValue(arg.default);
  const texts = valuesOf(op, arg);
  return texts.map((label) => ({
    label,
    kind:
      arg.type.kind === 'enum' || arg.type.kind === 'padding'
        ? CompletionItemKind.EnumMember
        : CompletionItemKind.Value,
    rank: ranks.expected,
    ...(label === fallback ? { description: 'default' } : {}),
    documentation: arg.doc,
  }));
}

const integers: Readonly<Record<string, readonly string[]>> = {
  out: ['channels', 'channels * 2', '16', '32', '64', '128', '256'],
  groups: ['channels', '1', '2', '4', '8', '32'],
  heads: ['1', '2', '3', '4', '6', '8', '12'],
  multiplier: ['1', '2'],
  index: ['0'],
};

function valuesOf(op: OpDefinition, arg: ArgSpec): readonly string[] {
  const { type, name } = arg;
  switch (type.kind) {
    case 'boolean':
      return ['true', 'false'];
    case 'enum':
      return type.values;
    case 'padding':
      return ['same', 'valid', 'same_tf', '0', '1'];
    case 'extent':
      return usualSizes(op, arg);
    case 'integer':
      if (op.name === 'dense' && name === 'out')
        return ['classes', 'channels', 'channels * 4', 'channels * 2'];
      return own(integers, name) ?? (arg.default === undefined ? [] : [formatValue(arg.default)]);
    case 'number':
      return arg.default === undefined ? [] : [formatValue(arg.default)];
  }
}

/** Values a statement or declaration usually has at this place. */
export function statementValues(of: string): readonly Suggestion[] {
  const texts: Readonly<Record<string, readonly string[]>> = {
    input: ['32x32x3', '224x224x3', '28x28x1', '64x192'],
    classes: ['10', '100', '1000'],
    repeat: ['2', '3', '4'],
  };
  return (own(texts, of) ?? []).map((label) => ({
    label,
    kind: CompletionItemKind.Value,
    rank: ranks.expected,
  }));
}
