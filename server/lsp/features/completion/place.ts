import type { Span } from '../../../../grammar/syntax.ts';
import type { Cursor, Group } from '../../../language/cursor/cursor.ts';

/** What may be written at the cursor. */
export type Place =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'declaration' }
  /** At the start of a statement; `more` are keywords that continue the one before. */
  | { readonly kind: 'statement'; readonly more: readonly string[] }
  /** An element of a flow. */
  | { readonly kind: 'flow'; readonly first: boolean }
  /** Behind `model Name =`. */
  | { readonly kind: 'template' }
  /** A name in `[a, b]`. */
  | { readonly kind: 'tensor' }
  /** A value; `of` is the keyword or sign it belongs to: `input`, `repeat`, `:` … */
  | { readonly kind: 'value'; readonly of: string }
  /** An argument of a call, or its value after `name =`; `whole`: nothing of it is written before the cursor's word. */
  | { readonly kind: 'argument'; readonly call: Group; readonly name?: string; readonly whole: boolean }
  | { readonly kind: 'keyword'; readonly words: readonly string[] }
  | { readonly kind: 'import-name' }
  /** Inside the quotes of an import's path. */
  | { readonly kind: 'import-path'; readonly span: Span }
  /** Inside the quotes of a genotype. */
  | { readonly kind: 'genotype'; readonly span: Span }
  | { readonly kind: 'edge' }
  | { readonly kind: 'edge-target'; readonly from: number };

const nothing: Place = { kind: 'nothing' };

/** Signs after which an operand is expected. */
const operators = new Set([
  '+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', '!', '?',
]); // prettier-ignore
const closing = new Set(['}', ')', ']']);
const valueKeywords = new Set(['input', 'classes', 'constraint', 'repeat', 'in']);

/** What may be written at the cursor, by the tokens around it alone. */
export function placeOf(cursor: Cursor): Place {
  const { within, before, groups } = cursor;
  const last = before.at(-1) ?? '';
  if (within === 'comment') return nothing;
  if (within === 'string') {
    if (last === 'from') return { kind: 'import-path', span: cursor.inside };
    return last === '=' && before.includes('cell') && !before.includes('let')
      ? { kind: 'genotype', span: cursor.inside }
      : nothing;
  }
  const group = groups.at(-1)!;
  switch (group.kind) {
    case 'file':
      return inFile(cursor, last);
    case 'body':
      return inBody(cursor, last);
    case 'edges':
      return inEdges(before);
    case 'branches':
      return last === 'branch' ? nothing : { kind: 'keyword', words: ['branch'] };
    case 'imports':
      return last === '{' || last === ',' ? { kind: 'import-name' } : nothing;
    case 'parameters':
      return last === '=' || operators.has(last) ? { kind: 'value', of: 'parameter' } : nothing;
    case 'pattern':
      return nothing;
    case 'tensors':
      return groups.at(-2)?.kind === 'body' && (last === '[' || last === ',') ? { kind: 'tensor' } : nothing;
    case 'arguments':
      return inArguments(group, before);
    case 'values':
      return last === '(' || last === '[' || last === ',' || last === ':' || operators.has(last)
        ? { kind: 'value', of: group.head === 'if' ? 'if' : '' }
        : nothing;
  }
}

function inFile({ before, pending, closed }: Cursor, last: string): Place {
  if (last === 'from') return { kind: 'keyword', words: [] };
  if (last === '}' && closed === 'import') return { kind: 'keyword', words: ['from'] };
  if (['import', 'let', 'block', 'model', 'space', 'cell'].includes(last)) return nothing;
  if (pending === 'let') {
    if (last === '=' || operators.has(last) || (last === ':' && before.includes('?')))
      return { kind: 'value', of: 'let' };
    // `let x ‸`
    return before.at(-2) === 'let' ? nothing : { kind: 'declaration' };
  }
  if (pending === 'model' && last === '=') return { kind: 'template' };
  const made = pending === 'model' && before.lastIndexOf('=') > before.lastIndexOf('model');
  if (made) return { kind: 'declaration' };
  if (pending !== undefined && pending !== 'import' && !/["}]$/.test(last)) return nothing;
  return { kind: 'declaration' };
}

function inBody({ before, pending, closed }: Cursor, last: string): Place {
  const second = before.at(-2) ?? '';
  if (last === '->') return { kind: 'flow', first: false };
  if (last === '=')
    return before.at(-3) === 'let' ? { kind: 'value', of: 'let' } : { kind: 'flow', first: true };
  if (last === ':') return { kind: 'value', of: ':' };
  if (operators.has(last)) return { kind: 'value', of: statementOf(before) };
  if (valueKeywords.has(last)) return { kind: 'value', of: last };
  if (last === 'parallel') return { kind: 'keyword', words: ['add', 'concat', 'mul'] };
  if (last === 'else') return { kind: 'keyword', words: ['if'] };
  if (['let', 'as', 'for', 'if', 'residual', 'shortcut', 'branch', ','].includes(last)) return nothing;
  if (second === 'let' || second === 'as' || second === 'parallel') return nothing;
  if (pending === 'for')
    return before.includes('in', before.lastIndexOf('for')) ? nothing : { kind: 'keyword', words: ['in'] };
  if (pending === 'repeat') return { kind: 'keyword', words: ['as'] };
  if (pending === 'if') return nothing;
  const more = closed === 'if' ? ['else'] : closed === 'residual' ? ['shortcut'] : [];
  return { kind: 'statement', more: last === '}' ? more : [] };
}

/** The keyword of the statement that is being written. */
function statementOf(before: readonly string[]): string {
  const index = before.findLastIndex((text) => valueKeywords.has(text) || text === 'let' || text === ':');
  return before[index] ?? '';
}

function inEdges(before: readonly string[]): Place {
  const last = before.at(-1) ?? '';
  const second = before.at(-2) ?? '';
  const isNumber = (text: string): boolean => /^\d+$/.test(text);
  if (last === ':') return { kind: 'flow', first: true };
  if (last === '->')
    return isNumber(second) ? { kind: 'edge-target', from: Number(second) } : { kind: 'flow', first: false };
  if (isNumber(last)) return nothing;
  return { kind: 'edge' };
}

function inArguments(call: Group, before: readonly string[]): Place {
  const last = before.at(-1)!;
  // Of this argument; nested brackets that are closed do not matter, since a comma in them is none here.
  const depthFree: string[] = [];
  let depth = 0;
  for (const text of before.slice(1)) {
    if (closing.has(text)) depth -= 1;
    if (depth === 0) depthFree.push(text);
    if (['(', '[', '{'].includes(text)) depth += 1;
  }
  const comma = depthFree.lastIndexOf(',');
  const own = depthFree.slice(comma + 1);
  if (own.length === 0) return { kind: 'argument', call, whole: true };
  const named = own[1] === '=' ? { name: own[0]! } : {};
  if (last === '=' && own.length === 2) return { kind: 'argument', call, ...named, whole: true };
  if (operators.has(last) || last === ':') return { kind: 'argument', call, ...named, whole: false };
  return nothing;
}
