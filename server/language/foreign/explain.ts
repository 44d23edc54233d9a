import type { Span } from '../../../grammar/syntax.ts';
import { diagnosticCodes } from '../check/codes.ts';
import { bySourceOrder, type Diagnostic } from '../check/diagnostics.ts';
import {
  argumentsHabit,
  callHabit,
  greyImage,
  type Habit,
  habitOf,
  valueHabit,
  widthHabit,
} from './habits.ts';
import { pythonCalls } from './python-call.ts';

const syntax: ReadonlySet<string> = new Set(diagnosticCodes.syntax);

/** So many diagnostics of one text are looked at: more of them are of a program in another language. */
const most = 100;

/**
 * The diagnostics of a file, where those of a line that is written as PyTorch, Keras or TensorFlow have it are one that says how it is
 * written here, with a fix where that is known.
 *
 * @param found in the order of the text
 */
export function explained(found: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  const result: Diagnostic[] = [];
  let last: Span | undefined;
  const said = new Set<string>();
  let looked = 0;
  for (const diagnostic of found) {
    const { span } = diagnostic.location;
    if (last !== undefined && contains(last, span.start)) continue;
    const habit = looked++ < most ? behind(diagnostic, text) : undefined;
    if (habit === undefined) {
      result.push(diagnostic);
      continue;
    }
    const key = `${habit.span.start} ${habit.span.end}`;
    if (said.has(key)) continue;
    said.add(key);
    last = habit.span;
    const { fix, message } = habit;
    result.push({
      code: 'other-framework',
      severity: 'error',
      message,
      location: { uri: diagnostic.location.uri, span: habit.span },
      related: [],
      ...(fix === undefined ? {} : { fix }),
    });
  }
  return result.sort(bySourceOrder);
}

function contains({ start, end }: Span, place: number): boolean {
  return start <= place && place < end;
}

function behind({ code, message, location: { span } }: Diagnostic, text: string): Habit | undefined {
  if (syntax.has(code)) return habitOf(text, span.start);
  switch (code) {
    case 'type-mismatch': {
      const habit = habitOf(text, span.start);
      return habit !== undefined && contains(habit.span, span.start) ? habit : undefined;
    }
    case 'argument-range':
    case 'argument-type':
      return widthHabit(text, span.start);
    case 'unknown-argument':
      return argumentsHabit(text, span.start);
    case 'shape-mismatch':
      return greyImage(text, message);
    case 'unknown-name':
      return nameHabit(text, span);
    default:
      return undefined;
  }
}

function nameHabit(text: string, span: Span): Habit | undefined {
  if (/^return$/.test(text.slice(span.start, span.end))) return habitOf(text, span.start);
  const [call] = pythonCalls(text, span.start, span.end);
  return valueHabit(text, span) ?? (call === undefined ? undefined : callHabit(text, call));
}
