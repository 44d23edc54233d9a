import type { BlockDecl, Expr, FlowStatement, OpCall, Span } from '../../../grammar/syntax.ts';
import { freshName, replace } from '../fix/fix.ts';
import { bindBlock } from '../values/arguments.ts';
import { isContextName } from '../values/builtins.ts';
import { localNames } from '../lint/local-names.ts';
import type { Declaration } from '../names/meaning.ts';
import { nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { formattedAt, hasComments, type Refactor, type RefactorContext } from './refactoring.ts';

/**
 * Replaces a call of a block of this file by what the block does. Arguments stand where its parameters were; those that
 * mean something else inside (`channels`, a choice) are named by a `let` before. Local names that are taken get others.
 */
export const inlineBlock: Refactor = (selection, context) => {
  const { module, text } = context;
  const [statement, call] = callAround(selection, context) ?? [];
  const declaration = call === undefined ? undefined : module.names.get(call.callee.name);
  if (statement === undefined || call === undefined || declaration?.decl.kind !== 'block') return [];
  const { decl, module: home, damaged, broken } = declaration;
  const local = context.references.find(({ span }) => span.start === call.callee.span.start)?.target;
  const isBlock = local?.uri === home.uri && local.span.start === decl.name.span.start;
  if (home !== module || damaged || broken || !isBlock || hasComments(context, statement.span)) return [];
  const body = inlined(declaration, decl, call, statement, context);
  if (body === undefined) return [];
  const changes = [
    replace(statement.span.start, statement.span.end, formattedAt(body, statement.span.start, text)),
  ];
  return [{ title: `Inline \`${call.callee.name}\``, kind: 'inline', changes }];
};

/** The call under the selection, as an element of a flow of a body. */
function callAround(
  { start, end }: Span,
  { parse }: RefactorContext,
): readonly [FlowStatement, OpCall] | undefined {
  const statements = nodesOf(
    parse.file,
    (node): node is FlowStatement =>
      node.kind === 'flow-statement' && node.span.start <= start && end <= node.span.end,
  );
  for (const statement of statements.toReversed()) {
    const call = statement.flow.elements.find(
      (element): element is OpCall =>
        element.kind === 'op-call' && element.callee.span.start <= start && end <= element.callee.span.end,
    );
    if (call !== undefined) return [statement, call];
  }
  return undefined;
}

/** Statements in place of the one with the call; `undefined` where they would mean something else. */
function inlined(
  { module }: Declaration,
  decl: BlockDecl,
  call: OpCall,
  statement: FlowStatement,
  context: RefactorContext,
): string | undefined {
  const { text } = context;
  const { args, problems } = bindBlock(decl, call.args, call.callee.span);
  // Its tensors have names of their own.
  if (problems.length > 0 || decl.inputs !== undefined || statement.names !== undefined) return undefined;
  const elements = statement.flow.elements;
  const index = elements.indexOf(call);
  const before = elements.slice(0, index);
  const after = elements.slice(index + 1);
  const last = decl.body.statements.at(-1);
  // The last statement takes over the name and the shape of the one with the call.
  const carries = statement.name !== undefined || statement.assertion !== undefined;
  const plain = last?.kind === 'flow-statement' && last.name === undefined && last.assertion === undefined;
  if (after.length === 0 && carries && !plain) return undefined;

  const renamed = new Map<number, string>();
  const lets: string[] = [];
  let taken = text.slice(0, decl.span.start) + text.slice(decl.span.end);
  const name = (wanted: string): string => {
    const fresh = new RegExp(`\\b${wanted}\\b`).test(taken) ? freshName(taken, wanted) : wanted;
    taken += ` ${fresh}`;
    return fresh;
  };
  for (const [position, param] of decl.params.entries()) {
    const value: Expr | undefined = args[position]?.value ?? param.defaultValue;
    if (value === undefined) return undefined;
    const written = textOf(args[position]?.span, value, args[position]?.name?.span, text);
    // A default may use the parameters before it.
    const substituted = args[position] === undefined ? withNames(value.span, renamed, context) : written;
    if (isSimple(value)) {
      renamed.set(param.name.span.start, substituted);
    } else {
      const fresh = name(param.name.name);
      lets.push(`let ${fresh} = ${substituted}`);
      renamed.set(param.name.span.start, fresh);
    }
  }
  for (const node of nodesOf(
    decl.body as SyntaxNode,
    (each): each is SyntaxNode => localNames(each).length > 0,
  )) {
    for (const { name: local } of localNames(node)) renamed.set(local.span.start, name(local.name));
  }
  const inner = decl.body.statements.map((each) => withNames(each.span, renamed, context));
  if (comments(decl, context) || module.uri !== context.uri) return undefined;

  if (inner.length === 0 && before.length === 0 && after.length === 0) return undefined;
  const head = before.length === 0 ? [] : [textBetween(before, text)];
  const tail = after.length === 0 ? '' : textBetween(after, text);
  const prefix = statement.name === undefined ? '' : `${statement.name.name} = `;
  const suffix =
    statement.assertion === undefined
      ? ''
      : ` ${text.slice(statement.flow.span.end, statement.span.end).trim()}`;
  if (tail !== '') {
    return [...head, ...lets, ...inner, `${prefix}${tail}${suffix}`].join('\n');
  }
  if (carries) inner.push(`${prefix}${inner.pop()!}${suffix}`);
  return [...head, ...lets, ...inner].join('\n');
}

function comments({ body }: BlockDecl, context: RefactorContext): boolean {
  return hasComments(context, body.span);
}

function textBetween(elements: readonly SyntaxNode[], text: string): string {
  return text.slice(elements[0]!.span.start, elements.at(-1)!.span.end);
}

/** The text of an argument without its name, parentheses included. */
function textOf(argument: Span | undefined, value: Expr, name: Span | undefined, text: string): string {
  if (argument === undefined) return text.slice(value.span.start, value.span.end);
  if (name === undefined) return text.slice(argument.start, argument.end);
  return text.slice(text.indexOf('=', name.end) + 1, argument.end).trim();
}

/** Values that mean the same wherever they stand, and can stand wherever a name can. */
function isSimple(value: Expr): boolean {
  if (value.kind === 'name') return !isContextName(value.name);
  return (
    value.kind === 'number' || value.kind === 'dims' || value.kind === 'boolean' || value.kind === 'string'
  );
}

/** A part of the text with other names for some declarations. */
function withNames(
  { start, end }: Span,
  names: ReadonlyMap<number, string>,
  context: RefactorContext,
): string {
  let written = '';
  let at = start;
  const uses = context.references
    .filter(({ span, target }) => start <= span.start && span.end <= end && target.uri === context.uri)
    .toSorted((a, b) => a.span.start - b.span.start);
  for (const { span, target } of uses) {
    const name = names.get(target.span.start);
    if (name === undefined || span.start < at) continue;
    written += context.text.slice(at, span.start) + name;
    at = span.end;
  }
  return written + context.text.slice(at, end);
}
