import { own } from '../../base/own.ts';
import type { ParseResult, Span, Token } from '../../../grammar/syntax.ts';
import type { DeclaredKind } from '../names/declared-names.ts';

/** A name that is visible at the cursor because its body declares it. */
export interface LocalName {
  readonly name: string;
  readonly kind: Extract<DeclaredKind, 'parameter' | 'local let' | 'loop variable' | 'tensor'>;
  readonly span: Span;
}

export type GroupKind =
  | 'file'
  /** Of statements. */
  | 'body'
  /** Of a `parallel`. */
  | 'branches'
  /** Of a cell. */
  | 'edges'
  /** The names of an `import`. */
  | 'imports'
  | 'parameters'
  /** Of a call. */
  | 'arguments'
  /** The variables of a `for`. */
  | 'pattern'
  /** Brackets around names of tensors: those that come into a block or cell, those that begin or name a flow. */
  | 'tensors'
  /** Parentheses or brackets around values. */
  | 'values';

/** The file, or a pair of brackets that is open at the cursor. */
export interface Group {
  readonly kind: GroupKind;
  /** Where the bracket stands. */
  readonly start: number;
  /** What was before the bracket: the name that is called, or the keyword the body belongs to. */
  readonly head: string;
  /** Of the name that is called. */
  readonly headSpan: Span;
  /** Of arguments: how many commas are before the cursor. */
  readonly position: number;
  /** Of arguments: names given before the cursor. */
  readonly given: readonly string[];
}

/** What is around the cursor, read from the tokens before it: this works in any broken file. */
export interface Cursor {
  readonly offset: number;
  /** The word around the cursor, empty where there is none; `prefix` is its part before the cursor. */
  readonly word: Span;
  readonly prefix: string;
  /** `string`: inside one, which `inside` is then the span of; `comment`: inside one. */
  readonly within: 'code' | 'string' | 'comment';
  readonly inside: Span;
  /** Brackets around the cursor, the outermost first; the first is the file. */
  readonly groups: readonly Group[];
  /** Texts of the tokens before the word, back to the innermost bracket (which comes first, except in the file). */
  readonly before: readonly string[];
  /** Offset of the token before the word. */
  readonly previous: Span | undefined;
  /** The keyword whose body (or name) is still to come, as in `repeat 3 as i`. */
  readonly pending: string | undefined;
  /** The keyword of the body that was closed last in this group. */
  readonly closed: string | undefined;
  /** Visible names, inner ones last. */
  readonly locals: readonly LocalName[];
  /** The kind of the top-level declaration around the cursor. */
  readonly declaration: string | undefined;
}

interface OpenGroup extends Group {
  position: number;
  given: string[];
  pending: string | undefined;
  closed: string | undefined;
  /** Index of its first token. */
  first: number;
  readonly locals: LocalName[];
  /** Loop variables and parameters of the body that comes next. */
  readonly entering: LocalName[];
}

const structural = new Set([
  'import', 'let', 'block', 'model', 'space', 'cell', 'repeat', 'for', 'if', 'else', 'residual', 'shortcut', 'parallel', 'branch',
]); // prettier-ignore
/** Keywords that arguments may follow. */
const callableKeywords: ReadonlySet<string> = new Set(['choice', 'add', 'concat', 'mul']);
const declaring = new Set(['import', 'block', 'model', 'space', 'cell']);
const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** @param offset of the cursor, in the text that was parsed */
export function cursorAt(text: string, { tokens, comments }: ParseResult, offset: number): Cursor {
  const comment = comments.find(({ kind, span }) =>
    kind === 'block' ? span.start < offset && offset < span.end : span.start < offset && offset <= span.end,
  );
  const touching = tokens.find(({ span }) => span.start < offset && offset <= span.end);
  const string =
    touching?.kind === 'string' &&
    (offset < touching.span.end || !/^".*"$/.test(text.slice(touching.span.start, touching.span.end)))
      ? touching
      : undefined;
  const word =
    touching !== undefined && /^\w+$/.test(text.slice(touching.span.start, touching.span.end))
      ? touching.span
      : { start: offset, end: offset };
  const from = string?.span.start ?? word.start;
  const before = tokens.filter(({ span }) => span.end <= from);
  const reader = new Reader(text, before.slice(startOfDeclaration(text, before)));
  return {
    offset,
    word,
    prefix: text.slice(word.start, offset),
    within: comment !== undefined ? 'comment' : string !== undefined ? 'string' : 'code',
    inside: string?.span ?? { start: offset, end: offset },
    ...reader.read(from),
  };
}

/** A declaration at the start of a line starts anew, whatever brackets are open before it. */
function startOfDeclaration(text: string, tokens: readonly Token[]): number {
  const index = tokens.findLastIndex(
    ({ kind, span }) =>
      kind === 'keyword' &&
      (span.start === 0 || text[span.start - 1] === '\n') &&
      declaring.has(text.slice(span.start, span.end)),
  );
  return Math.max(index, 0);
}

type Found = Pick<Cursor, 'groups' | 'before' | 'previous' | 'pending' | 'closed' | 'locals' | 'declaration'>;

/** Goes through the tokens of a declaration and keeps the brackets that are open. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #texts: readonly string[];
  readonly #stack: OpenGroup[] = [openGroup('file', '', { start: 0, end: 0 }, 0, 0)];

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
    this.#texts = tokens.map(({ span }) => text.slice(span.start, span.end));
  }

  read(cursor: number): Found {
    for (const [index, token] of this.#tokens.entries()) this.#token(index, token);
    const top = this.#top;
    const last = this.#tokens.length - 1;
    return {
      groups: this.#stack,
      before: this.#texts.slice(top.first),
      previous: this.#tokens[last]?.span,
      pending: top.pending,
      closed: top.closed,
      locals: this.#visible(cursor),
      declaration:
        this.#stack[1]?.kind === 'body' || this.#stack[1]?.kind === 'edges'
          ? this.#stack[1].head
          : this.#stack[0]!.pending,
    };
  }

  get #top(): OpenGroup {
    return this.#stack.at(-1)!;
  }

  #token(index: number, { kind, span }: Token): void {
    const text = this.#texts[index]!;
    if (kind === 'punctuation' && own(closers, text) !== undefined) {
      this.#open(index, text, span);
      return;
    }
    if (kind === 'punctuation' && ['}', ']', ')'].includes(text)) {
      this.#close(index, text);
      return;
    }
    const top = this.#top;
    if (text === ',') top.position += 1;
    // A soft keyword in a flow, as in `-> add(x)`, is a name.
    if (kind === 'keyword' && structural.has(text)) {
      top.pending = text;
      if (text !== 'else' && text !== 'shortcut') top.closed = undefined;
    }
    if (kind === 'name' || kind === 'keyword') this.#name(index, text, span);
  }

  /** Notes what a name declares or says. */
  #name(index: number, name: string, span: Span): void {
    const top = this.#top;
    const before = this.#texts[index - 1] ?? '';
    const next = this.#texts[index + 1] ?? '';
    if (top.kind === 'arguments' && next === '=' && (before === '(' || before === ',')) top.given.push(name);
    else if (top.kind === 'parameters' && (before === '(' || before === ','))
      this.#stack.at(-2)!.entering.push({ name, kind: 'parameter', span });
    else if (top.kind === 'pattern') this.#stack.at(-2)!.entering.push({ name, kind: 'loop variable', span });
    else if (top.kind === 'body') {
      if (before === 'let') top.locals.push({ name, kind: 'local let', span });
      else if (before === 'as' || before === 'for') top.entering.push({ name, kind: 'loop variable', span });
      else if (next === '=' && this.#tokens[index]!.kind === 'name')
        top.locals.push({ name, kind: 'tensor', span });
    }
  }

  #open(index: number, bracket: string, { start }: Span): void {
    const top = this.#top;
    const before = this.#tokens[index - 1];
    const word = this.#texts[index - 1] ?? '';
    const at = { start: before?.span.start ?? start, end: before?.span.end ?? start };
    if (bracket === '[')
      this.#push(openGroup(this.#isTensors(index) ? 'tensors' : 'values', '', at, start, index));
    else if (bracket === '(') this.#push(openGroup(this.#parenthesis(index, word), word, at, start, index));
    else {
      const head = top.pending ?? '';
      const kinds: Readonly<Record<string, GroupKind>> = {
        import: 'imports',
        cell: 'edges',
        parallel: 'branches',
      };
      const group = openGroup(own(kinds, head) ?? 'body', head, at, start, index);
      group.locals.push(...top.entering);
      top.entering.length = 0;
      top.pending = undefined;
      this.#push(group);
    }
  }

  #parenthesis(index: number, word: string): GroupKind {
    const before = this.#tokens[index - 1];
    if (word === 'for') return 'pattern';
    if (this.#declares(index) || (word === ']' && this.#closedHeader)) return 'parameters';
    const callable = before?.kind === 'name' || callableKeywords.has(word);
    return callable && this.#texts[index - 2] !== 'as' ? 'arguments' : 'values';
  }

  /** Whether the bracket follows the name of a block or cell that is declared. */
  #declares(index: number): boolean {
    const { pending } = this.#top;
    return (pending === 'block' || pending === 'cell') && this.#texts[index - 2] === pending;
  }

  /** Whether the brackets that are closed last hold the tensors that come into a block or cell. */
  get #closedHeader(): boolean {
    const { pending, kind } = this.#top;
    return kind === 'file' && (pending === 'block' || pending === 'cell');
  }

  /** Whether `[` begins or names a flow, or stands in the header of a block or cell: elsewhere it begins a list or an index. */
  #isTensors(index: number): boolean {
    if (this.#top.kind !== 'body') return this.#declares(index);
    const before = this.#texts[index - 1] ?? '';
    if (before === '=') return this.#texts[index - 3] !== 'let';
    const gap = this.#text.slice(this.#tokens[index - 1]!.span.end, this.#tokens[index]!.span.start);
    return before === '{' || before === '}' || (gap.includes('\n') && /^[\w)\]"]+$/.test(before));
  }

  #push(group: OpenGroup): void {
    this.#stack.push(group);
  }

  #close(index: number, bracket: string): void {
    const depth = this.#stack.findLastIndex(
      ({ start, kind }) => kind !== 'file' && own(closers, this.#text[start]!) === bracket,
    );
    if (depth === -1) return;
    const group = this.#stack[depth]!;
    this.#stack.length = depth;
    if (group.kind === 'tensors') this.#nameTensors(group, index);
    if (bracket === '}') this.#top.closed = group.head;
  }

  /** Notes the names between brackets, where they declare something. */
  #nameTensors({ first }: OpenGroup, end: number): void {
    const top = this.#top;
    const declares = top.kind !== 'body';
    if (!declares && this.#texts[end + 1] !== '=') return;
    for (let index = first + 1; index < end; index++) {
      const { kind, span } = this.#tokens[index]!;
      if (kind !== 'name' && kind !== 'keyword') continue;
      const local: LocalName = { name: this.#texts[index]!, kind: 'tensor', span };
      (declares ? top.entering : top.locals).push(local);
    }
  }

  /** What the body of the cursor's own line declares comes later. */
  #visible(cursor: number): readonly LocalName[] {
    const names = this.#stack.flatMap(({ locals }) => locals);
    const last = names.at(-1);
    const body = this.#stack.findLast(({ locals }) => locals.length > 0);
    const own =
      last !== undefined &&
      (last.kind === 'local let' || last.kind === 'tensor') &&
      // Not in a header before the body.
      last.span.start > body!.start &&
      !/[\n}]/.test(this.#text.slice(last.span.end, cursor));
    if (!own) return names;
    let end = names.length - 1;
    // Those that stand in the same brackets.
    while (end > 0 && /^\s*,\s*$/.test(this.#text.slice(names[end - 1]!.span.end, names[end]!.span.start)))
      end--;
    return names.slice(0, end);
  }
}

function openGroup(kind: GroupKind, head: string, headSpan: Span, start: number, first: number): OpenGroup {
  return {
    kind, head, headSpan, start, first, position: 0, given: [], pending: undefined, closed: undefined, locals: [], entering: [],
  }; // prettier-ignore
}
