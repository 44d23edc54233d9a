import type { Argument, Expr } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import type { OpDefinition } from '../../network/op.ts';
import { bindOp, type EvaluatedArgument } from '../values/arguments.ts';
import { applyCell } from './apply-cell.ts';
import { joinName } from '../spaces/decisions.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Expansion } from './expansion.ts';
import { type Flowing, together } from './flowing.ts';
import { single } from './tensors.ts';
import { address, bindingText, enteredFrame, type Frame } from './frame.ts';
import type { Inner } from './inner.ts';
import { enter, type Given, reportArguments } from './parameters.ts';
import type { Callable, Declaration, Value } from '../names/meaning.ts';
import { notATensor } from '../check/problems.ts';
import { splitArguments, tensorCountProblem, tensorNameExpected } from '../names/resolve-call.ts';
import { formatValue } from '../values/values.ts';

/** An op, block or cell about to be applied to the current tensor. */
export interface Application extends Given {
  readonly target: Callable;
}

/** The output of an op, block or cell; `undefined` after an error. */
export function apply(
  expansion: Expansion,
  application: Application,
  frame: Frame,
  current: Flowing,
  inner: Inner,
): Flowing {
  const { target, args, span } = application;
  if (!expansion.spend(args.length, frame, span)) return expansion.fail();
  switch (target.kind) {
    case 'op':
      return applyOp(expansion, target.definition, application, frame, current);
    case 'block':
      if (isUnusable(expansion, target.declaration) || expansion.tooDeep(frame, application.span))
        return expansion.fail();
      return applyBlock(expansion, target, application, frame, current, inner);
    case 'cell':
      if (isUnusable(expansion, target.declaration) || expansion.tooDeep(frame, application.span))
        return expansion.fail();
      return applyCell(expansion, target, application, frame, current, inner);
  }
}

function applyOp(
  expansion: Expansion,
  definition: OpDefinition,
  application: Application,
  frame: Frame,
  current: Flowing,
): Flowing {
  const { scope, module, names, callee } = application;
  const path = address(frame, definition.name);
  const { tensors, values } = splitArguments(
    definition,
    application.args,
    (name) => scope.lookup(name)?.kind === 'tensor',
  );
  const inputs = tensors.map(({ value }) => namedTensor(expansion, definition, value, application, frame));
  const countProblem = tensorCountProblem(definition, tensors.length, callee);
  if (countProblem !== undefined) expansion.report(countProblem, frame);

  const labels = argumentNames(definition, values);
  const given = values.map((argument, index): EvaluatedArgument => {
    const name = joinName(names, labels[index]!);
    const env = expansion.environment(argument.value, scope, frame, current, name, module);
    const value = evaluate(argument.value, env);
    return { argument, value: value.kind === 'unknown' ? undefined : value };
  });
  const bound = bindOp(definition, given, callee.span);
  reportArguments(expansion, bound.problems, application, frame);
  // A tensor that is missing because of an earlier error poisons this one too.
  const first = single(expansion, current, `\`${definition.name}\``, callee.span, frame);
  const known = [first, ...inputs].filter((input) => input !== undefined);
  if (countProblem !== undefined || bound.args === undefined || known.length <= inputs.length) {
    return expansion.fail();
  }
  return expansion.apply(definition, bound.args, known, path, application.span, frame);
}

/** The tensor an argument such as the one of `add(x)` names. */
function namedTensor(
  expansion: Expansion,
  definition: OpDefinition,
  value: Expr,
  { scope, module }: Application,
  frame: Frame,
): NetworkNode | undefined {
  if (value.kind === 'missing') return expansion.fail();
  if (value.kind !== 'name') return expansion.report(tensorNameExpected(definition, value), frame, module);
  const binding = scope.lookup(value.name);
  if (binding?.kind === 'tensor') return binding.node;
  return expansion.report(notATensor(value.name, value.span), frame, module);
}

/** What an argument is called in the names of decisions: by its own name, or by that of the parameter at its position. */
function argumentNames(definition: OpDefinition, values: readonly Argument[]): readonly string[] {
  let position = 0;
  return values.map(({ name }) => name?.name ?? definition.args[position++]?.name ?? '');
}

function applyBlock(
  expansion: Expansion,
  { decl, declaration }: Callable & { readonly kind: 'block' },
  application: Application,
  frame: Frame,
  current: Flowing,
  { expandBody }: Inner,
): Flowing {
  const path = address(frame, 'block');
  const entry = enter(expansion, decl, declaration, application, frame, current);
  if (entry === undefined) return expansion.fail();
  const { scope, values, site, tensors } = entry;
  const paramNames = decl.params.map((param) => param.name.name);
  const message = values.length === 0 ? 'called here' : `called here with ${bindingText(paramNames, values)}`;
  const body = enteredFrame(frame, path, application.names, site, message, declaration.module);
  const key = (): string | undefined =>
    values.some(isOpenOp) ? undefined : values.map((value) => `${value.kind} ${formatValue(value)}`).join();
  const flowing = tensors === undefined ? undefined : together(tensors);
  return expansion.block(declaration, key, flowing, () =>
    expandBody(expansion, decl.body, scope, body, flowing),
  );
}

/** Whether a value holds an op that its text does not tell apart from another: one with names of its own. */
function isOpenOp(value: Value): boolean {
  if (value.kind === 'list' || value.kind === 'tuple') return value.elements.some(isOpenOp);
  return value.kind === 'op' && (value.target.kind !== 'op' || value.args.length > 0);
}

/** Whether an error in its own declaration, reported already, keeps a block, cell or model from being expanded. */
export function isUnusable(
  expansion: Expansion,
  { damaged, recursive, broken, module }: Declaration,
): boolean {
  return damaged || recursive || (broken && module !== expansion.root);
}
