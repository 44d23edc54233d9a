import type { ArgSpec, ArgType, ArgValue } from './op.ts';
import { nearestName } from '../base/nearest-name.ts';
import { argumentNamed } from './foreign-arguments.ts';

/** One argument of a call as the language has evaluated it. Dims (`3x3`) arrive as an array of numbers. */
export interface GivenArgument {
  /** Present for `name = value`. */
  readonly name?: string;
  /** Anything: what is not a number, boolean, string or array of numbers is a type problem. */
  readonly value: unknown;
}

export type ArgumentProblemCode =
  | 'unknown-argument'
  | 'too-many-arguments'
  | 'duplicate-argument'
  | 'missing-argument'
  | 'argument-type'
  | 'argument-range';

export interface ArgumentProblem {
  readonly code: ArgumentProblemCode;
  readonly message: string;
  /** What the user can do about it, one sentence. */
  readonly remedy: string;
  /** Index among the given arguments; absent when one is missing. */
  readonly index?: number;
  /** The specification it is about, when there is one. */
  readonly spec?: ArgSpec;
}

/** All arguments, defaults filled in, or what is wrong with them: arguments with holes are no use to an op. */
export type BoundArguments =
  | { readonly args: Readonly<Record<string, ArgValue>>; readonly problems: readonly [] }
  | { readonly args?: never; readonly problems: readonly [ArgumentProblem, ...ArgumentProblem[]] };

/** What is bound: an op, or anything with a name for messages and argument specifications. */
export interface Callable {
  readonly name: string;
  readonly args: readonly ArgSpec[];
}

const PADDING_WORDS: readonly string[] = ['same', 'same_tf', 'valid'];

/** Words a value of this type may be, written without quotes: `same`, `valid`, the values of an enum. */
export function keywordsOf(type: ArgType): readonly string[] {
  switch (type.kind) {
    case 'padding':
      return PADDING_WORDS;
    case 'enum':
      return type.values;
    case 'integer':
    case 'number':
    case 'boolean':
    case 'extent':
      return [];
  }
}

/**
 * Which specification each given argument is for: by name, else by its position among the unnamed ones.
 * `undefined` for a name that does not exist and for unnamed arguments beyond the last specification.
 */
export function matchArguments(
  callable: Callable,
  given: readonly Pick<GivenArgument, 'name'>[],
): readonly (ArgSpec | undefined)[] {
  let position = 0;
  return given.map(({ name }) =>
    name === undefined ? callable.args[position++] : callable.args.find((spec) => spec.name === name),
  );
}

/** Checks the arguments of a call against the specifications, normalises extents and padding, fills in defaults. */
export function bindArguments(callable: Callable, given: readonly GivenArgument[]): BoundArguments {
  const args: NamedValue[] = [];
  const problems = check(callable, given, args);
  if (problems.length > 0) {
    const [first, ...others] = problems;
    return { problems: [first!, ...others] };
  }
  const valueOf = (name: string): ArgValue | undefined => args.find(([each]) => each === name)?.[1];
  for (const { name, default: fixed, defaultFrom } of callable.args) {
    if (valueOf(name) !== undefined) continue;
    const value = defaultFrom === undefined ? fixed : valueOf(defaultFrom);
    if (value !== undefined) args.push([name, value]);
  }
  return { args: Object.fromEntries(args), problems: [] };
}

/** What is wrong with the arguments of a call: what `bindArguments` finds, for whoever needs no values. */
export function argumentProblems(
  callable: Callable,
  given: readonly GivenArgument[],
): readonly ArgumentProblem[] {
  return check(callable, given);
}

type NamedValue = readonly [name: string, value: ArgValue];

/**
 * Every call of a file is checked at every keystroke: what only a mistake needs is made where there is one.
 *
 * @param args gets what is given and well, in the order given
 */
function check(
  callable: Callable,
  given: readonly GivenArgument[],
  args?: NamedValue[],
): readonly ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  // Also those with a problem: they are not reported as missing on top.
  const seen: ArgSpec[] = [];
  for (const [index, spec] of matchArguments(callable, given).entries()) {
    const argument = given[index]!;
    if (spec === undefined) {
      const meant = renamed(callable, argument.name);
      // One message is enough: what is called otherwise is not missing as well.
      if (meant !== undefined) seen.push(meant);
      problems.push({ index, ...noSuchArgument(callable, argument, meant) });
      continue;
    }
    if (seen.includes(spec)) {
      problems.push({
        code: 'duplicate-argument',
        message: `\`${callable.name}\` gets \`${spec.name}\` twice`,
        remedy: 'Remove one of the two.',
        index,
        spec,
      });
      continue;
    }
    seen.push(spec);
    const checked = checkValue(spec, argument.value);
    if ('value' in checked) args?.push([spec.name, checked.value]);
    else problems.push({ ...checked, index, spec });
  }
  for (const spec of callable.args) {
    if (spec.default !== undefined || spec.defaultFrom !== undefined || seen.includes(spec)) continue;
    problems.push({
      code: 'missing-argument',
      message: `\`${callable.name}\` needs \`${spec.name}\``,
      remedy: `Write \`${signature(callable)}\`; ${spec.name} is ${describeType(spec.type)}.`,
      spec,
    });
  }
  return problems;
}

/** `conv(out, kernel, stride = 1, padding = same, …)`: for hovers, signature help and messages. */
export function signature(callable: Callable): string {
  return `${callable.name}(${callable.args.map(formatSpec).join(', ')})`;
}

/** `stride = 1`, or the bare name of a required argument. */
export function formatSpec(spec: ArgSpec): string {
  if (spec.defaultFrom !== undefined) return `${spec.name} = ${spec.defaultFrom}`;
  return spec.default === undefined ? spec.name : `${spec.name} = ${formatValue(spec.default)}`;
}

/** As the language writes it: `3x3`, `same`, `0.01`; a square extent of 1 or 2 is written as one number. */
export function formatValue(value: ArgValue): string {
  if (!Array.isArray(value)) return String(value);
  const [first, second] = value as readonly number[];
  return value.length === 2 && first === second && first! < 3 ? String(first) : value.join('x');
}

/** `a whole number from 1 to 65536`, `same, valid or an extent such as 1x1`. */
export function describeType(type: ArgType): string {
  switch (type.kind) {
    case 'integer':
      return `a whole number${describeRange(type.min, type.max)}`;
    case 'number':
      return `a number${describeRange(type.min, type.max)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'extent':
      return `an extent such as \`3x3\` or \`3\`, each side${describeRange(type.min, type.max)}`;
    case 'padding':
      return '`same`, `same_tf`, `valid` or an extent such as `1x1`';
    case 'enum':
      return type.values.map((value) => `\`${value}\``).join(' or ');
  }
}

function describeRange(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

/** The argument that is meant by a name which another framework has for it. */
function renamed(callable: Callable, name: string | undefined): ArgSpec | undefined {
  if (name === undefined) return undefined;
  const ours = argumentNamed(name, (each) => callable.args.some((spec) => spec.name === each));
  return callable.args.find((spec) => spec.name === ours);
}

function noSuchArgument(
  callable: Callable,
  argument: GivenArgument,
  meant: ArgSpec | undefined,
): Pick<ArgumentProblem, 'code' | 'message' | 'remedy'> {
  const names = callable.args.map((spec) => spec.name);
  const usage = names.length === 0 ? `\`${callable.name}\` takes none.` : `Write \`${signature(callable)}\`.`;
  if (argument.name === undefined) {
    return {
      code: 'too-many-arguments',
      message: `\`${callable.name}\` takes ${names.length === 0 ? 'no arguments' : `at most ${names.length} argument${names.length === 1 ? '' : 's'}`}`,
      remedy: names.length === 0 ? 'Remove it.' : usage,
    };
  }
  const isLeftOut = argumentNamed(argument.name, () => false) === '';
  const near = meant?.name ?? (isLeftOut ? undefined : nearestName(argument.name, names));
  return {
    code: 'unknown-argument',
    message: `\`${callable.name}\` has no argument \`${argument.name}\``,
    remedy: near !== undefined ? `Did you mean \`${near}\`?` : isLeftOut ? needless : usage,
  };
}

/** What is said of an argument of another framework that has no counterpart here. */
export const needless = 'Leave it out: it is known from what flows in, or makes no difference here.';

/** More padding than this on a side is a mistake, whatever the kernel. */
const MAX_PADDING = 255;

type Checked = { readonly value: ArgValue } | Pick<ArgumentProblem, 'code' | 'message' | 'remedy'>;

/** The value of an argument in the form ops read (see `ArgType`), or what is wrong with it. */
function checkValue(spec: ArgSpec, given: unknown): Checked {
  const { type } = spec;
  switch (type.kind) {
    case 'integer':
    case 'number':
      if (typeof given !== 'number' || !Number.isFinite(given)) return refused('argument-type', spec, given);
      if (type.kind === 'integer' && !Number.isSafeInteger(given))
        return refused('argument-type', spec, given);
      return given < (type.min ?? -Infinity) || given > (type.max ?? Infinity)
        ? refused('argument-range', spec, given)
        : { value: given };
    case 'boolean':
      return typeof given === 'boolean' ? { value: given } : refused('argument-type', spec, given);
    case 'enum':
      return typeof given === 'string' && type.values.includes(given)
        ? { value: given }
        : refused('argument-type', spec, given);
    case 'extent':
    case 'padding': {
      if (typeof given === 'string' && keywordsOf(type).includes(given)) return { value: given };
      const extent = asExtent(given);
      if (extent === undefined) return refused('argument-type', spec, given);
      const { min, max } = type.kind === 'extent' ? type : { min: 0, max: MAX_PADDING };
      return extent.every((side) => side >= min && side <= max)
        ? { value: extent }
        : refused('argument-range', spec, given);
    }
  }
}

function refused(code: 'argument-type' | 'argument-range', spec: ArgSpec, given: unknown): Checked {
  return {
    code,
    message: `\`${spec.name}\` must be ${describeType(spec.type)}, not ${describeGiven(given)}`,
    remedy: keywordRemedy(spec.type, given) ?? spec.doc,
  };
}

/** `3x3`, or `3` for both sides. */
function asExtent(given: unknown): readonly number[] | undefined {
  const sides: readonly unknown[] = Array.isArray(given) ? given : [given, given];
  return sides.length === 2 && sides.every((side) => Number.isSafeInteger(side))
    ? (sides as readonly number[])
    : undefined;
}

function keywordRemedy(type: ArgType, given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  const near = nearestName(given, keywordsOf(type));
  return near === undefined ? undefined : `Did you mean \`${near}\`?`;
}

function describeGiven(given: unknown): string {
  if (typeof given === 'number' || typeof given === 'boolean') return String(given);
  if (typeof given === 'string') return `\`${given}\``;
  const isDims = Array.isArray(given) && given.every((side) => typeof side === 'number');
  return isDims ? given.join('x') : 'this value';
}
