import type { ParseResult, Span } from '../../../grammar/syntax.ts';
import { ensure } from '../target.ts';

interface SpannedNode {
  readonly span: Span;
  readonly kind?: string;
}

function isInside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
}

/** What holds for the tree, the tokens and the problems of any text. */
export function ensureSound(text: string, { file, problems, tokens, comments, damage }: ParseResult): void {
  const whole = { start: 0, end: text.length };
  ensure(file.span.start === 0 && file.span.end === text.length, 'The file does not span its text.');
  ensureNested(file, { span: whole });
  let line = -1;
  for (const { message, span, related, fix } of problems) {
    for (const each of [span, related?.span, fix?.span])
      ensure(each === undefined || isInside(each, whole), 'A problem is outside the text.', () => [
        message,
        each,
      ]);
    ensure(/^[^]+[.?]$/.test(message), 'A message is no sentence.', () => message);
    ensure(
      !/undefined|null|NaN|\[object|Recording/.test(message.replaceAll(/`[^`]*`/g, '')),
      'A message has a word of the program.',
      () => message,
    );
    const at = text.slice(0, span.start).split(/\r\n|\r|\n/).length;
    ensure(at > line, 'Two problems are in one line, or out of order.', () => message);
    line = at;
  }
  for (const span of damage) ensure(isInside(span, whole), 'Damage is outside the text.');
  for (const parts of [tokens, comments]) {
    let end = 0;
    for (const { span } of parts) {
      ensure(
        end <= span.start && span.start < span.end,
        'Tokens or comments overlap, or are empty.',
        () => span,
      );
      end = span.end;
    }
    ensure(end <= text.length, 'A token ends behind the text.');
  }
}

/** Every node is within the one around it. No recursion: trees are as deep as texts allow. */
function ensureNested(file: object, root: SpannedNode): void {
  const waiting: [value: unknown, parent: SpannedNode][] = [[file, root]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, parent] = next;
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const element of value) waiting.push([element, parent]);
      continue;
    }
    const node = 'span' in value ? (value as SpannedNode) : parent;
    ensure(isInside(node.span, parent.span), 'A node is not inside the one around it.', () => [
      node.kind,
      node.span,
      parent.span,
    ]);
    // Documentation stands before its declaration.
    for (const [key, child] of Object.entries(value))
      if (key !== 'span' && key !== 'doc') waiting.push([child, node]);
  }
}
