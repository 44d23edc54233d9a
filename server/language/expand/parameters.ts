import type { Argument, Identifier, Span } from '../../../grammar/syntax.ts';
import type { CallSite, NetworkNode } from '../../network/network.ts';
import { tensorArgument } from '../check/problems.ts';
import type { Problem } from '../check/diagnostics.ts';
import { type Declaration, type Module, Scope, type Value } from '../names/meaning.ts';
import { inputsOf, type ParametricDecl } from '../names/templates.ts';
import { joinName } from '../spaces/decisions.ts';
import { bindBlock } from '../values/arguments.ts';
import { evaluate } from '../values/evaluate.ts';
import { sizeOf, unknown } from '../values/values.ts';
import type { Expansion } from './expansion.ts';
import type { Flowing } from './flowing.ts';
import { incoming } from './tensors.ts';
import { type Frame, short } from './frame.ts';

/** Arguments, the names they see and where they are written, and the call in the text. */
export interface Given {
  readonly args: readonly Argument[];
  readonly scope: Scope;
  readonly module: Module;
  readonly callee: Pick<Identifier, 'span'>;
  readonly span: Span;
  /** Prefix of the decisions in the arguments and defaults. */
  readonly names: string;
}

/** What a body is entered with. */
export interface Entry {
  readonly scope: Scope;
  /** Of the parameters, in their order. */
  readonly values: readonly Value[];
  /** What comes in, absent after an error. */
  readonly tensors: readonly NetworkNode[] | undefined;
  /** The call, labelled as it is written with the values it has. */
  readonly site: CallSite;
}

/** Gives the parameters of a block, cell or model their values, and its tensors their names; `undefined` after an error. */
export function enter(
  expansion: Expansion,
  decl: ParametricDecl,
  { module: home }: Declaration,
  given: Given,
  frame: Frame,
  current: Flowing,
): Entry | undefined {
  const { args, callee, names, span } = given;
  const bound = bindBlock(decl, args, callee.span);
  reportArguments(expansion, bound.problems, given, frame);
  if (bound.problems.length > 0 || !expansion.spend(decl.params.length, frame, span)) return undefined;
  const evaluated = bound.args.map((argument, index) => {
    if (argument === undefined) return undefined;
    const { value } = argument;
    const { scope, module } = given;
    if (value.kind === 'name' && scope.lookup(value.name)?.kind === 'tensor') {
      expansion.report(tensorArgument(value.name, value.span), frame, module);
      return unknown;
    }
    const name = joinName(names, decl.params[index]!.name.name);
    return evaluate(value, expansion.environment(value, scope, frame, current, name, module));
  });

  const scope = new Scope();
  const inside: Frame = { ...frame, module: home };
  const values = decl.params.map(({ name, defaultValue }, index) => {
    const value =
      evaluated[index] ??
      evaluate(
        defaultValue!,
        expansion.environment(defaultValue!, scope, inside, current, joinName(names, name.name)),
      );
    scope.setValue(name.name, value);
    return value;
  });
  const inputs = inputsOf(decl);
  const takes = { name: decl.name.name, count: Math.max(inputs.length, 1), declares: inputs.length > 0 };
  const tensors = incoming(expansion, current, takes, span, frame);
  for (const [index, { name }] of inputs.entries())
    scope.set(name, { kind: 'tensor', node: tensors?.[index] });
  const size = values.reduce((total, value) => total + sizeOf(value), 0);
  if (!expansion.spend(size, frame, span)) return undefined;
  const indices = new Map(bound.args.map((argument, index) => [argument, index]));
  const label = `${decl.name.name}(${args
    .map((argument) => {
      const text = short(values[indices.get(argument)!]!);
      return argument.name === undefined ? text : `${argument.name.name} = ${text}`;
    })
    .join(', ')})`;
  return { scope, values, tensors, site: { uri: frame.module.uri, span, label, kind: 'call' } };
}

/** Problems of arguments belong to the file they are written in, that of a missing one to the file of the call. */
export function reportArguments(
  expansion: Expansion,
  problems: readonly Problem[],
  { callee, module }: Pick<Given, 'callee' | 'module'>,
  frame: Frame,
): void {
  for (const problem of problems) {
    expansion.report(problem, frame, problem.span === callee.span ? frame.module : module);
  }
}
