import { original } from '../../../grammar/incremental/moved.ts';
import type { Argument, Param, Span } from '../../../grammar/syntax.ts';
import {
  argumentProblems,
  bindArguments,
  type ArgumentProblem,
  type GivenArgument,
} from '../../network/arguments.ts';
import { Comparisons } from '../../base/nearest-name.ts';
import type { ArgValue, OpDefinition } from '../../network/op.ts';
import type { Problem } from '../check/diagnostics.ts';
import { expressionText } from '../../../grammar/print/expression.ts';
import { didYouMean } from '../names/suggest.ts';
import { formatNumber } from './values.ts';
import type { Value } from '../names/meaning.ts';
import { inputsOf, type ParametricDecl } from '../names/templates.ts';

/** An argument of an op with its value; `undefined` when the value is not known (yet, or after an error). */
export interface EvaluatedArgument {
  readonly argument: Argument;
  readonly value: Value | undefined;
}

/** The arguments of a call of an op, checked. */
export interface BoundOp {
  /** Complete arguments; absent when there are problems or a value is not known. */
  readonly args?: Readonly<Record<string, ArgValue>>;
  readonly problems: readonly Problem[];
}

/** Checks the arguments of an op and fills in its defaults. `callSpan` is where a missing argument is reported. */
export function bindOp(
  definition: OpDefinition,
  given: readonly EvaluatedArgument[],
  callSpan: Span,
): BoundOp {
  const { args, problems } = bindArguments(definition, given.map(plainArgument));
  return args === undefined ? { problems: opProblems(problems, given, callSpan) } : { args, problems: [] };
}

/** What is wrong with the arguments of an op, as `bindOp` says it. */
export function checkOp(
  definition: OpDefinition,
  given: readonly EvaluatedArgument[],
  callSpan: Span,
): readonly Problem[] {
  return opProblems(argumentProblems(definition, given.map(plainArgument)), given, callSpan);
}

/** Nothing is said of a value that is not known. */
function opProblems(
  problems: readonly ArgumentProblem[],
  given: readonly EvaluatedArgument[],
  callSpan: Span,
): readonly Problem[] {
  if (problems.length === 0) return [];
  return problems
    .filter(
      ({ code, index }) =>
        index === undefined ||
        (code !== 'argument-type' && code !== 'argument-range') ||
        given[index]!.value !== undefined,
    )
    .map((problem) => opProblem(problem, given, callSpan));
}

function plainArgument({ argument: { name }, value: evaluated }: EvaluatedArgument): GivenArgument {
  const value = evaluated === undefined ? undefined : plain(evaluated);
  return name === undefined ? { value } : { name: name.name, value };
}

function opProblem(problem: ArgumentProblem, given: readonly EvaluatedArgument[], callSpan: Span): Problem {
  const { code, index, spec } = problem;
  const about = index === undefined ? undefined : given[index];
  const value = about?.value;
  if (about === undefined || value === undefined || spec === undefined) {
    const span =
      about === undefined
        ? callSpan
        : code === 'unknown-argument'
          ? about.argument.name!.span
          : about.argument.span;
    return { code, message: `${problem.message}. ${problem.remedy}`, span };
  }
  const span = code === 'duplicate-argument' ? about.argument.span : about.argument.value.span;
  if (value.kind === 'number' && !Number.isInteger(value.value) && spec.type.kind !== 'number') {
    const text = expressionText(about.argument.value, 32);
    return {
      code,
      message: `\`${spec.name}\` must be a whole number, but is ${formatNumber(value.value)} here. Round it: \`floor(${text})\`, \`ceil(${text})\` or \`round8(${text})\`.`,
      span,
    };
  }
  return { code, message: `${problem.message}. ${problem.remedy}`, span };
}

/** A value in the form `bindArguments` takes. */
function plain(value: Value): unknown {
  switch (value.kind) {
    case 'number':
    case 'boolean':
    case 'string':
      return value.value;
    case 'dims':
      return value.values;
    case 'op':
      // The word of an argument may be the name of an op as well: `gate = sigmoid`.
      return value.target.kind === 'op' && value.args.length === 0 ? value.target.definition.name : value;
    case 'list':
    case 'tuple':
    case 'unknown':
      return value;
  }
}

/** The arguments of a call of a block, or of a model for an instance, by its parameters. */
export interface BoundBlock {
  /** The argument of each parameter, in the order of the parameters; `undefined`: its default. */
  readonly args: readonly (Argument | undefined)[];
  readonly problems: readonly Problem[];
}

/** Names compared for the suggestions about one call. */
const mostComparisons = 2000;

/** Which argument is for which parameter of a block or model. */
export function bindBlock(decl: ParametricDecl, given: readonly Argument[], callSpan: Span): BoundBlock {
  const { params } = decl;
  const name = decl.name.name;
  const indices = parameterIndices(decl);
  let comparisons: Comparisons | undefined;
  const args: (Argument | undefined)[] = params.map(() => undefined);
  const problems: Problem[] = [];
  let position = 0;
  for (const argument of given) {
    const index = argument.name === undefined ? position++ : (indices.get(argument.name.name) ?? -1);
    if (argument.name !== undefined && index === -1) {
      comparisons ??= new Comparisons(mostComparisons);
      problems.push({
        code: 'unknown-argument',
        message: `\`${name}\` has no parameter \`${argument.name.name}\`.${didYouMean(argument.name.name, indices.keys(), comparisons) || ` Write \`${blockSignature(decl, shortSignature)}\`.`}`,
        span: argument.name.span,
      });
    } else if (index >= params.length) {
      problems.push({
        code: 'too-many-arguments',
        message: `\`${name}\` takes ${count(params.length, 'argument')}. Write \`${blockSignature(decl, shortSignature)}\`.`,
        span: argument.span,
      });
    } else if (args[index] !== undefined) {
      problems.push({
        code: 'duplicate-argument',
        message: `\`${name}\` gets \`${params[index]!.name.name}\` twice. Remove one of the two.`,
        span: argument.span,
      });
    } else {
      args[index] = argument;
    }
  }
  const missing = params.filter(
    (param, index) => args[index] === undefined && param.defaultValue === undefined,
  );
  if (missing.length > 0) {
    problems.push({
      code: 'missing-argument',
      message: `\`${name}\` needs ${named(missing)}. Write \`${blockSignature(decl, shortSignature)}\`.`,
      span: callSpan,
    });
  }
  return { args, problems };
}

const known = new WeakMap<ParametricDecl, ReadonlyMap<string, number>>();

/** Which parameter has a name; of two with one name, the first. */
export function parameterIndices(decl: ParametricDecl): ReadonlyMap<string, number> {
  const block = original(decl);
  let indices = known.get(block);
  if (indices === undefined) {
    const found = new Map<string, number>();
    for (const [index, { name }] of block.params.entries())
      if (!found.has(name.name)) found.set(name.name, index);
    indices = found;
    known.set(block, indices);
  }
  return indices;
}

/** The names of parameters, the first of them when they are many. */
function named(params: readonly Param[]): string {
  const names = params.slice(0, 12).map(({ name }) => `\`${name.name}\``);
  return params.length > names.length
    ? `${names.join(', ')} and ${params.length - names.length} more`
    : names.join(', ');
}

/** Characters of a signature in a message. */
const shortSignature = 300;

/** `BasicBlock(out, stride = 1)`, cut off behind `limit` characters. */
export function blockSignature(decl: ParametricDecl, limit = 2000): string {
  const params: string[] = [];
  let length = 0;
  for (const { name, defaultValue } of decl.params) {
    if (length > limit) {
      params.push('…');
      break;
    }
    const param =
      defaultValue === undefined ? name.name : `${name.name} = ${expressionText(defaultValue, 40)}`;
    params.push(param);
    length += param.length;
  }
  const { name } = decl;
  const inputs = inputsOf(decl).map((each) => each.name);
  const tensors = inputs.length === 0 ? '' : `[${inputs.join(', ')}]`;
  const given = decl.kind === 'cell' && params.length === 0 ? '' : `(${params.join(', ')})`;
  return `${name.name}${tensors}${given}`;
}

function count(n: number, what: string): string {
  if (n === 0) return `no ${what}s`;
  return `at most ${n} ${what}${n === 1 ? '' : 's'}`;
}
