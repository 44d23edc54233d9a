import { format, type TextChange } from '../../../grammar/format/format.ts';
import type { Span } from '../../../grammar/syntax.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { freshName, replace } from '../fix/fix.ts';
import { localNames } from '../lint/local-names.ts';
import { nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { tensorsAt } from './tensors-at.ts';
import { type Refactor, type RefactorContext, type Refactoring, selected, spanOf } from './refactoring.ts';

/**
 * Makes the selection a block, and a call of it. What it uses of the values around it becomes parameters; what a block
 * cannot have keeps the selection from becoming one: tensors from outside, names that are used behind it, the header of
 * a model.
 */
export const extractBlock: Refactor = (selection, context) => {
  const part = selected(selection, context);
  if (part === undefined) return [];
  const items: readonly SyntaxNode[] = part.kind === 'statements' ? part.statements : part.elements;
  const span = spanOf(items);
  const { text, module } = context;
  const header = items.some(({ kind }) => kind === 'input' || kind === 'classes' || kind === 'constraint');
  const onlyValues = items.every(({ kind }) => kind === 'let');
  if (header || onlyValues || items.some(({ kind }) => kind === 'missing')) return [];
  const owner = module.declarations.find(
    ({ decl, damaged }) => !damaged && decl.span.start <= span.start && span.end <= decl.span.end,
  )?.decl;
  if (owner === undefined || owner.kind === 'let' || owner.kind === 'cell' || owner.kind === 'instance')
    return [];
  const parameters = parametersOf(span, owner, context);
  // What becomes a block gets one tensor.
  if (tensorsAt(owner, span, module) !== 1) return [];
  if (parameters === undefined || declaresForLater(span, context)) return [];

  const name =
    /\bExtracted\b/.test(text) || opRegistry.has('Extracted') ? freshName(text, 'Extracted') : 'Extracted';
  const block = format(`block ${name}(${parameters.join(', ')}) {\n${dedented(span, text)}\n}\n`);
  const call = parameters.length === 0 ? name : `${name}(${parameters.join(', ')})`;
  const changes = [
    declared(block, owner.doc?.span.start ?? owner.span.start, text),
    replace(span.start, span.end, call),
  ];
  return [{ title: `Extract to a block`, kind: 'extract', changes } satisfies Refactoring];
};

/** Names of values around the selection that it uses, in the order of their use; `undefined` with a tensor among them. */
function parametersOf(
  span: Span,
  owner: SyntaxNode,
  { uri, references, text }: RefactorContext,
): readonly string[] | undefined {
  const locals = new Map<number, string>();
  for (const node of nodesOf(owner, (each): each is SyntaxNode => localNames(each).length > 0))
    for (const { name, what } of localNames(node)) locals.set(name.span.start, what);
  const names = new Set<string>();
  for (const { span: use, target } of references) {
    if (use.start < span.start || use.end > span.end || target.uri !== uri) continue;
    const what = locals.get(target.span.start);
    const inside = span.start <= target.span.start && target.span.end <= span.end;
    if (what === undefined || inside) continue;
    if (what === 'tensor') return undefined;
    names.add(text.slice(use.start, use.end));
  }
  return [...names];
}

/** Whether the selection declares a name that is used behind it. */
function declaresForLater(span: Span, { uri, references }: RefactorContext): boolean {
  return references.some(
    ({ span: use, target }) =>
      target.uri === uri &&
      span.start <= target.span.start &&
      target.span.end <= span.end &&
      (use.start < span.start || use.end > span.end),
  );
}

/** The selection with the indentation of its first line taken off the others. */
function dedented({ start, end }: Span, text: string): string {
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
  return text
    .slice(start, end)
    .split('\n')
    .map((line, index) =>
      index === 0 ? line : line.slice(Math.min(indent, line.length - line.trimStart().length)),
    )
    .join('\n');
}

/** A block in front of a declaration: on the lines before, unless something else begins in the declaration's line. */
function declared(block: string, start: number, text: string): TextChange {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(line, start).trimEnd();
  return before === ''
    ? replace(line, line, `${block}\n`)
    : replace(line + before.length, start, `\n\n${block}\n`);
}
