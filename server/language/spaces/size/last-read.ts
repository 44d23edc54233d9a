import type { Body, Expr, Identifier, Span } from '../../../../grammar/syntax.ts';
import { functions } from '../../values/functions.ts';
import { operands } from '../decisions.ts';
import { around } from '../../cursor/lookup.ts';
import type { Module } from '../../names/meaning.ts';

/**
 * The last offset at which a name of a body is read. An op that a `let` of the body names evaluates its arguments wherever it is
 * applied, so what they mention is read to the end: infinity.
 */
export function lastRead(name: Identifier, body: Body, module: Module): number {
  const reads = readsOf(module).get(name.span.start);
  if (reads === undefined) return -Infinity;
  reads.last ??= lastOf(reads.spans, lateArguments(body));
  return reads.last;
}

/** Uses of one name, in the order of the text. */
interface Reads {
  readonly spans: Span[];
  last?: number;
}

function lastOf(spans: readonly Span[], late: readonly Expr[]): number {
  const isLate = late.length > 0 && spans.some(({ start }) => around(late, start) !== undefined);
  return isLate ? Infinity : spans.at(-1)!.start;
}

const readsByModule = new WeakMap<Module, ReadonlyMap<number, Reads>>();

/** Uses of the names of a file, by where they are declared. */
function readsOf(module: Module): ReadonlyMap<number, Reads> {
  let reads = readsByModule.get(module);
  if (reads === undefined) {
    const found = new Map<number, Reads>();
    for (const { span, target } of module.references) {
      if (target.uri !== module.uri || span.start === target.span.start) continue;
      const known = found.get(target.span.start);
      if (known === undefined) found.set(target.span.start, { spans: [span] });
      else known.spans.push(span);
    }
    reads = found;
    readsByModule.set(module, reads);
  }
  return reads;
}

const lateByBody = new WeakMap<Body, readonly Expr[]>();

/** Ops with arguments that are values of the lets of a body, in the order of the text. */
function lateArguments(body: Body): readonly Expr[] {
  let spans = lateByBody.get(body);
  if (spans === undefined) {
    spans = body.statements.flatMap((statement) =>
      statement.kind === 'let' ? opsWithArguments(statement.value) : [],
    );
    lateByBody.set(body, spans);
  }
  return spans;
}

function opsWithArguments(root: Expr): Expr[] {
  const found: Expr[] = [];
  const pending: Expr[] = [root];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    const isOp = expr.kind === 'call' && expr.callee.name !== 'choice' && !functions.has(expr.callee.name);
    if (isOp) found.push(expr);
    else pending.push(...operands(expr).toReversed());
  }
  return found;
}
