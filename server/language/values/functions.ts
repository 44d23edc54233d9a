import { describeValue, maxListSize, number, sequence, sizeOf } from './values.ts';
import type { Value } from '../names/meaning.ts';

export interface BuiltinFunction {
  readonly signature: string;
  readonly doc: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Whether the elements of a list may be given as one argument. */
  readonly spreads?: true;
  /** The value, or what is wrong with the arguments. */
  apply(args: readonly Value[]): Value | string;
}

/** Rounds to a multiple of 8, at least 8 and never below 90 % of the value (MobileNet's `_make_divisible`). */
export function round8(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}

const declared: readonly BuiltinFunction[] = [
  numeric(
    'round8(x)',
    'Rounds to a multiple of 8, at least 8 and never below 90 % of x, as MobileNets round their widths.',
    round8,
  ),
  numeric('round_to(x, multiple)', 'The multiple of a number that is nearest to x; halves go up.', roundTo),
  numeric('floor(x)', 'The largest whole number that is not above x.', Math.floor),
  numeric('ceil(x)', 'The smallest whole number that is not below x.', Math.ceil),
  numeric('round(x)', 'The nearest whole number; halves go up.', Math.round),
  numeric('sqrt(x)', 'The square root.', (x) => (x < 0 ? `it has no root of ${x}` : Math.sqrt(x))),
  numeric('exp(x)', 'e to the power of x.', Math.exp),
  numeric('log(x)', 'The natural logarithm.', (x) => (x > 0 ? Math.log(x) : `it has no logarithm of ${x}`)),
  numeric('pow(x, y)', 'x to the power of y.', power),
  variadic('min', 'The smallest of its arguments.', Math.min),
  variadic('max', 'The largest of its arguments.', Math.max),
  {
    signature: 'len(list)',
    doc: 'How many elements a list or a tuple has.',
    minArgs: 1,
    maxArgs: 1,
    apply: ([list]) =>
      list?.kind === 'list' || list?.kind === 'tuple'
        ? number(list.elements.length)
        : `\`len\` takes a list, not ${describeValue(list!)}.`,
  },
  {
    signature: 'range(from, to)',
    doc: 'The whole numbers from one to before another, as a list: `range(2, 5)` is `[2, 3, 4]`, `range(3)` is `[0, 1, 2]`.',
    minArgs: 1,
    maxArgs: 2,
    apply: (args) => (args.length === 1 ? range(number(0), args[0]!) : range(args[0]!, args[1]!)),
  },
  {
    signature: 'enumerate(list)',
    doc: 'The elements of a list, each with its index, from 0, before it: `for (i, c, s) in enumerate([(16, 1), (32, 2)])`.',
    minArgs: 1,
    maxArgs: 1,
    apply: ([list]) =>
      list?.kind === 'list'
        ? listOf('enumerate', list.elements, (element, index) => [number(index), ...partsOf(element)])
        : `\`enumerate\` takes a list, not ${describeValue(list!)}.`,
  },
  {
    signature: 'zip(a, b, …)',
    doc: 'Lists of one length side by side, as tuples: `for (c, s) in zip([16, 32], [1, 2])`.',
    minArgs: 2,
    maxArgs: Infinity,
    apply: zip,
  },
  {
    signature: 'dims(height, width)',
    doc: 'A size from numbers: `dims(1, k)` is `1x7` where k is 7.',
    minArgs: 2,
    maxArgs: 3,
    apply: (args) => {
      const sides = numbersOf('dims', args);
      if (typeof sides === 'string') return sides;
      return sides.every((side) => Number.isSafeInteger(side) && side >= 0)
        ? { kind: 'dims', values: sides }
        : `The sides of a size are whole numbers: \`dims\` gets ${sides.join(' and ')}.`;
    },
  },
];

export const functions: ReadonlyMap<string, BuiltinFunction> = new Map(
  declared.map((fn) => [fn.signature.slice(0, fn.signature.indexOf('(')), fn]),
);

/** The value of a call, or what is wrong with it. */
export function callFunction(name: string, fn: BuiltinFunction, args: readonly Value[]): Value | string {
  if (args.length >= fn.minArgs && args.length <= fn.maxArgs) return fn.apply(args);
  const [least, most] = [counted(fn.minArgs), counted(fn.maxArgs)];
  const expected =
    fn.maxArgs === Infinity
      ? `at least ${least}`
      : fn.minArgs === fn.maxArgs
        ? least
        : `${fn.minArgs} to ${most}`;
  return `\`${name}\` takes ${expected}, not ${args.length}: write \`${fn.signature}\`.`;
}

function counted(count: number): string {
  return count === 1 ? 'one argument' : `${count} arguments`;
}

/** Of numbers; what `apply` says instead of a number is what is wrong. */
function numeric(
  signature: string,
  doc: string,
  apply: (...numbers: [number, number]) => number | string,
): BuiltinFunction {
  const name = signature.slice(0, signature.indexOf('('));
  const count = signature.split(',').length;
  return {
    signature,
    doc,
    minArgs: count,
    maxArgs: count,
    apply: (args) => {
      const numbers = numbersOf(name, args);
      if (typeof numbers === 'string') return numbers;
      const result = apply(...(numbers as [number, number]));
      return typeof result === 'number' ? number(result) : `\`${name}\` cannot be taken here: ${result}.`;
    },
  };
}

function variadic(name: string, doc: string, combine: (a: number, b: number) => number): BuiltinFunction {
  return {
    signature: `${name}(a, b, …)`,
    doc,
    minArgs: 1,
    maxArgs: Infinity,
    spreads: true,
    apply: (args) => {
      const numbers = numbersOf(name, args);
      return typeof numbers === 'string' ? numbers : number(numbers.reduce((a, b) => combine(a, b)));
    },
  };
}

function numbersOf(name: string, args: readonly Value[]): readonly number[] | string {
  const numbers: number[] = [];
  for (const value of args) {
    if (value.kind !== 'number') return `\`${name}\` takes numbers, not ${describeValue(value)}.`;
    numbers.push(value.value);
  }
  return numbers;
}

function roundTo(x: number, multiple: number): number | string {
  return multiple > 0 ? Math.round(x / multiple) * multiple : `there are no multiples of ${multiple}`;
}

function power(x: number, y: number): number | string {
  const result = Math.pow(x, y);
  return Number.isNaN(result) || (x === 0 && y < 0) ? `${x} to the power of ${y} is no number` : result;
}

function range(from: Value, to: Value): Value | string {
  const ends = numbersOf('range', [from, to]);
  if (typeof ends === 'string') return ends;
  const [start, end] = ends as [number, number];
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end))
    return `\`range\` takes whole numbers, not ${start} and ${end}.`;
  const length = Math.max(0, end - start);
  if (length >= maxListSize) return tooLong('range', length);
  return sequence(
    'list',
    Array.from({ length }, (_, index) => number(start + index)),
  );
}

function zip(args: readonly Value[]): Value | string {
  const lists: (readonly Value[])[] = [];
  for (const value of args) {
    if (value.kind !== 'list') return `\`zip\` takes lists, not ${describeValue(value)}.`;
    lists.push(value.elements);
  }
  const [first, ...others] = lists as [readonly Value[], ...(readonly Value[])[]];
  const unlike = others.find(({ length }) => length !== first.length);
  if (unlike !== undefined)
    return `\`zip\` takes lists of one length, not of ${first.length} and ${unlike.length} values.`;
  return listOf('zip', first, (element, index) => [element, ...others.map((list) => list[index]!)]);
}

/** A tuple beside other values is not nested, so that one pattern names all. */
function partsOf(value: Value): readonly Value[] {
  return value.kind === 'tuple' ? value.elements : [value];
}

/** A list of tuples, unless they hold too many values. */
function listOf(
  name: string,
  elements: readonly Value[],
  tupleOf: (element: Value, index: number) => readonly Value[],
): Value | string {
  const tuples: Value[] = [];
  let size = 1;
  for (const [index, element] of elements.entries()) {
    const tuple = sequence('tuple', tupleOf(element, index));
    size += sizeOf(tuple);
    if (size > maxListSize) return tooLong(name, size);
    tuples.push(tuple);
  }
  return sequence('list', tuples);
}

function tooLong(name: string, size: number): string {
  return `\`${name}\` would give ${size} values; at most ${maxListSize} are allowed.`;
}
