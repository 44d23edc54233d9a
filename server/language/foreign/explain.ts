import type { Span } from '../../../grammar/syntax.ts';
import { diagnosticCodes } from '../check/codes.ts';
import { bySourceOrder, type Diagnostic } from '../check/diagnostics.ts';
import { callHabit, classesSaid, type Habit, habitOf } from './habits.ts';
import { argumentsHabit, extentHabit, greyImage, tensorHabit, valueHabit, widthHabit } from './our-ops.ts';
import { pythonCalls } from './python-call.ts';

const syntax: ReadonlySet<string> = new Set(diagnosticCodes.syntax);

/** So many diagnostics of one text are looked at: more of them are of a program in another language. */
const most = 100;

/** What says of a text with syntax errors too that it is another language's: it depends on no name that may have been lost. */
const certain: ReadonlySet<string> = new Set([
  'unknown-name',
  'unknown-argument',
  'duplicate-argument',
  'argument-type',
  'argument-range',
]);

/**
 * The diagnostics of a file, where those of a line that is written as PyTorch, Keras or TensorFlow have it are one that says how it is
 * written here, with a fix where that is known.
 *
 * @param found in the order of the text
 * @param hidden of declarations with syntax errors: shown where they are explained, so that a pasted text is explained at once
 */
export function explained(
  found: readonly Diagnostic[],
  text: string,
  hidden: readonly Diagnostic[] = [],
): readonly Diagnostic[] {
  const plain: Diagnostic[] = [];
  const habits: Diagnostic[] = [];
  const isExplained = (place: number): boolean =>
    habits.some(({ location: { span } }) => contains(span, place));
  let looked = 0;
  const look = (diagnostic: Diagnostic): boolean => {
    const { uri, span } = diagnostic.location;
    if (isExplained(span.start)) return true;
    const habit = looked++ < most ? behind(diagnostic, text) : undefined;
    if (habit === undefined) return false;
    if (isExplained(habit.span.start)) return true;
    const { fix, message } = habit;
    habits.push({
      code: 'other-framework',
      severity: 'error',
      message,
      location: { uri, span: habit.span },
      related: [],
      ...(fix === undefined ? {} : { fix }),
    });
    return true;
  };
  for (const diagnostic of found) if (!look(diagnostic)) plain.push(diagnostic);
  if (habits.length > 0) for (const diagnostic of hidden) if (certain.has(diagnostic.code)) look(diagnostic);
  // What is said with another word is not missing.
  const isSaid = habits.some(({ message }) => message === classesSaid);
  const left = plain.filter(
    ({ code, location }) => !isExplained(location.span.start) && !(isSaid && code === 'missing-classes'),
  );
  return [...left, ...habits].sort(bySourceOrder);
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
    case 'size-vanishes':
      return widthHabit(text, span.start);
    case 'argument-type':
      return (
        (message.includes(' must be an extent ') ? extentHabit(text, span) : undefined) ??
        widthHabit(text, span.start)
      );
    case 'unknown-argument':
    case 'duplicate-argument':
      return argumentsHabit(text, span.start);
    case 'not-a-tensor':
      return tensorHabit(text, span);
    case 'shape-mismatch':
      return greyImage(text, message);
    case 'unknown-name':
      return nameHabit(text, span);
    default:
      return undefined;
  }
}

function nameHabit(text: string, span: Span): Habit | undefined {
  const written = text.slice(span.start, span.end);
  if (/^(?:return|(?:num_|n_?|nb_)class(?:es)?)$/.test(written)) return habitOf(text, span.start);
  const [call] = pythonCalls(text, span.start, span.end);
  return valueHabit(text, span) ?? (call === undefined ? undefined : callHabit(text, call));
}
