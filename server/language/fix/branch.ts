import type { Body, IfStatement, Span } from '../../../grammar/syntax.ts';
import { localNames } from '../lint/local-names.ts';
import { nodesAround } from '../../../grammar/walk.ts';
import { type Fix, type Fixer, nodesAt, removal, replace } from './fix.ts';

/** Removes what is never entered: a loop, or a body of an `if`, of which the other body remains. */
export const removeBranch: Fixer = ({ location: { span } }, context) => {
  const { parse, text } = context;
  if (nodesAt(context, span).some(({ kind }) => kind === 'repeat' || kind === 'for'))
    return [fix('Remove the loop', removal(text, span))];
  const owner = nodesAround(parse.file, span).find(
    (node): node is IfStatement =>
      node.kind === 'if' &&
      [(node as IfStatement).body, (node as IfStatement).otherwise].some(
        (body) => body !== undefined && sameSpan(body.span, span),
      ),
  );
  if (owner === undefined) return [];
  const { body, otherwise } = owner;
  if (!sameSpan(body.span, span))
    return [fix('Remove the branch', replace(body.span.end, otherwise!.span.end, ''))];
  // In an `else if` the whole statement cannot go without its `else`.
  const before = text.slice(0, owner.span.start).trimEnd();
  const nested = before.endsWith('else') && !/\w/.test(before.at(-5) ?? '');
  if (otherwise === undefined) {
    return nested ? [] : [fix('Remove the branch', removal(text, owner.span))];
  }
  if (otherwise.statements[0]?.kind === 'if' && otherwise.span.start === otherwise.statements[0].span.start)
    return [fix('Remove the branch', replace(owner.span.start, otherwise.span.start, ''))];
  if (nested) return [fix('Remove the branch', replace(owner.span.start, otherwise.span.start, ''))];
  const inner = content(otherwise, text);
  if (declares(otherwise) || inner === undefined) return [];
  return [fix('Keep only what is used', replace(owner.span.start, owner.span.end, inner))];
};

function fix(title: string, change: Fix['changes'][number]): Fix {
  return { title, changes: [change], preferred: true, safe: true };
}

/** Names of a body would become those of the body around it. */
function declares(body: Body): boolean {
  return body.statements.some(
    (statement) =>
      localNames(statement).length > 0 && statement.kind !== 'repeat' && statement.kind !== 'for',
  );
}

/** The statements of a body as they are written. */
function content({ statements }: Body, text: string): string | undefined {
  const [first] = statements;
  return first === undefined ? undefined : text.slice(first.span.start, statements.at(-1)!.span.end);
}

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
