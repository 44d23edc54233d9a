import type { Span } from '../../../grammar/syntax.ts';
import { type Habit, habit, longestLine } from './habits.ts';
import { pythonCalls, type PythonCall } from './python-call.ts';
import { isGivenTwice, translate, withOurArguments, withoutWidth } from './translate.ts';

/** `bn(64)`, `dense(120, 84)`: the width of what flows in is given as well. */
export function widthHabit(text: string, at: number): Habit | undefined {
  const call = callAround(text, at);
  const flow = call === undefined ? undefined : withoutWidth(call);
  return call === undefined || flow === undefined
    ? undefined
    : habit(call.span, `\`${call.name}\` knows the width of what flows in: write \`${flow}\`.`, flow);
}

/** `conv(in_channels = 3, out_channels = 16, kernel_size = 3)`: several arguments have the names of another framework. */
export function argumentsHabit(text: string, at: number): Habit | undefined {
  const call = callAround(text, at);
  const flow = call === undefined ? undefined : withOurArguments(call);
  if (call === undefined) return undefined;
  if (flow === undefined) return isGivenTwice(call) ? widthHabit(text, at) : undefined;
  return habit(call.span, `\`${call.name}\` has other names for its arguments: write \`${flow}\`.`, flow);
}

/** `kernel = (3, 3)`, `"3x3"`: an extent as Python has it. */
export function extentHabit(text: string, span: Span): Habit | undefined {
  const written = text.slice(span.start, span.end);
  const match = /^(?:[([]\s*(\d+)\s*,\s*(\d+)\s*,?\s*[)\]]|["'](\d+)x(\d+)["'])$/.exec(written);
  if (match === null) return undefined;
  const extent = `${(match[1] ?? match[3])!}x${(match[2] ?? match[4])!}`;
  return habit(span, `An extent is written as one word: \`${extent}\`.`, extent);
}

/** What is learned and added or joined elsewhere, and an op of its own here. */
const learned: readonly (readonly [pattern: RegExp, op: string, what: string])[] = [
  [/^(?:self\.)?pos(?:ition(?:al)?)?_?(?:emb\w*|enc\w*)$/i, 'posembed', 'Learned positions'],
  [/^(?:self\.)?(?:cls|class)_?tok\w*$/i, 'cls_token', 'A learned class token'],
];

/** `add(pos_embed)`, `concat([x, y])`: what stands where the names of tensors do. */
export function tensorHabit(text: string, span: Span): Habit | undefined {
  const written = text.slice(span.start, span.end);
  const call = callAround(text, span.start);
  if (call === undefined) return undefined;
  for (const [pattern, op, what] of learned)
    if (pattern.test(written) && call.args?.length === 1)
      return habit(call.span, `${what} ${op === 'posembed' ? 'are' : 'is'} \`${op}\` here.`, op);
  const flow = /^[([]/.test(written) ? translate(call)?.flow : undefined;
  return flow === undefined
    ? undefined
    : habit(call.span, `Tensors are given by their names: write \`${flow}\`.`, flow);
}

/** The outermost call of a line that a place is in. */
function callAround(text: string, at: number): PythonCall | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return at - start > longestLine
    ? undefined
    : pythonCalls(text, start, at + 1).find(({ span }) => span.start <= at && at < span.end);
}

/** `True`, `False`: values that Python begins with a capital letter. */
export function valueHabit(text: string, span: Span): Habit | undefined {
  const written = text.slice(span.start, span.end);
  if (!/^(?:True|False|None)$/.test(written)) return undefined;
  return written === 'None'
    ? habit(span, 'There is no `None`: leave the argument out.')
    : habit(span, `Write \`${written.toLowerCase()}\` in small letters.`, written.toLowerCase());
}

/** `input 28x28` where an image is meant: what two numbers say is tokens. */
export function greyImage(text: string, message: string): Habit | undefined {
  const size = /needs an image .* gets tokens of (\d+x\d+)\b/.exec(message)?.[1];
  const match = size === undefined ? null : new RegExp(`\\binput\\s+(${size})\\b(?!x)`).exec(text);
  if (match === null || size === undefined) return undefined;
  const end = match.index + match[0].length;
  const [count, width] = size.split('x');
  return habit(
    { start: end - size.length, end },
    `\`${size}\` is ${count} tokens of width ${width}: a grey image is \`${size}x1\`.`,
    `${size}x1`,
  );
}
