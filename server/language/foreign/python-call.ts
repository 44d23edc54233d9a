import type { Span } from '../../../grammar/syntax.ts';

/** An argument as it is written in Python: `kernel_size=3`, `(3, 3)`, `'relu'`. */
export interface PythonArgument {
  readonly name?: string;
  readonly text: string;
}

/** A call as it is written in Python: `nn.Conv2d(3, 64, 3)`, `Conv2D(64, 3)(x)`, `F.relu`. */
export interface PythonCall {
  readonly span: Span;
  /** `torch.nn`, `self`; empty where there is none. */
  readonly qualifier: string;
  readonly name: string;
  /** Absent where it is only named. */
  readonly args?: readonly PythonArgument[];
  /** What its result is called with: the `x` of `Conv2D(64, 3)(x)`. */
  readonly applied?: readonly PythonArgument[];
}

/** Characters of a call that are looked at: whoever writes longer ones pastes a program. */
const longest = 4000;

const openers = '([{';
const closers = ')]}';

/** The outermost calls and names that start between two places of a text, in its order; what stands in strings is none. */
export function pythonCalls(text: string, start: number, end: number): readonly PythonCall[] {
  const calls: PythonCall[] = [];
  const name = /(?:"[^"\n]*"|'[^'\n]*')|(?<![\w.])(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*/g;
  name.lastIndex = start;
  for (let match = name.exec(text); match !== null && match.index < end; match = name.exec(text)) {
    if (/^["']/.test(match[0])) continue;
    const call = callAt(text, match.index, match[0]);
    calls.push(call);
    name.lastIndex = call.span.end;
  }
  return calls;
}

function callAt(text: string, start: number, path: string): PythonCall {
  const dot = path.lastIndexOf('.');
  const nameEnd = start + path.length;
  const base = { qualifier: path.slice(0, Math.max(dot, 0)), name: path.slice(dot + 1) };
  const args = group(text, nameEnd);
  if (args === undefined) return { ...base, span: { start, end: nameEnd } };
  const applied = group(text, args.end);
  return {
    ...base,
    span: { start, end: (applied ?? args).end },
    args: args.args,
    ...(applied === undefined ? {} : { applied: applied.args }),
  };
}

/** The arguments in parentheses right behind a place; nothing where they are not closed. */
function group(
  text: string,
  at: number,
): { readonly args: readonly PythonArgument[]; readonly end: number } | undefined {
  if (text[at] !== '(') return undefined;
  const args: PythonArgument[] = [];
  let depth = 0;
  let from = at + 1;
  const limit = Math.min(text.length, at + longest);
  for (let index = at; index < limit; index++) {
    const character = text[index]!;
    if (character === '"' || character === "'") {
      index = text.indexOf(character, index + 1);
      if (index === -1) return undefined;
    } else if (openers.includes(character)) depth++;
    else if (closers.includes(character)) depth--;
    if (depth === 0 || (depth === 1 && character === ',')) {
      const written = text.slice(from, index).trim();
      if (written !== '') args.push(argument(written));
      from = index + 1;
      if (depth === 0) return { args, end: index + 1 };
    }
  }
  return undefined;
}

function argument(written: string): PythonArgument {
  const match = /^([A-Za-z_]\w*)\s*=(?!=)\s*([^]*)$/.exec(written);
  return match === null ? { text: written } : { name: match[1]!, text: match[2]! };
}
