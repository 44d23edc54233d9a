import type {
  Argument,
  Expr,
  Identifier,
  InstanceDecl,
  NameExpr,
  OpCall,
  Span,
} from '../../../grammar/syntax.ts';
import type { Comparisons } from '../../base/nearest-name.ts';
import type { Location } from '../../network/network.ts';
import type { OpDefinition } from '../../network/op.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { bindBlock, checkOp, parameterIndices } from '../values/arguments.ts';
import { functions } from '../values/functions.ts';
import { isWord } from '../values/evaluate.ts';
import type { Problem } from '../check/diagnostics.ts';
import { notAModel, notAnOp, notATensor, tensorArgument, unknownName } from '../check/problems.ts';
import { LocalScope } from './local-scope.ts';
import type { Declaration, FileName, Value } from './meaning.ts';
import { kindOf, type ParametricDecl } from './templates.ts';
import { number, string } from '../values/values.ts';

/** What resolves the declaration that a call stands in. */
interface CallResolver {
  readonly names: ReadonlyMap<string, FileName>;
  readonly comparisons: Comparisons;
  report(problem: Problem): void;
  refer(span: Span, target: Location): void;
  useDeclaration(declaration: FileName, span: Span): void;
  tensorUse(expr: NameExpr, scope: LocalScope): void;
  expr(expr: Expr, scope: LocalScope): void;
  /** Arguments of something whose parameters are not known here. */
  args(call: OpCall, scope: LocalScope): void;
}

/** Resolves a call of an op, block or cell and checks its arguments as far as they are known without expanding. */
export function checkCall(resolver: CallResolver, call: OpCall, scope: LocalScope, first: boolean): void {
  const { name, span } = call.callee;
  if (resolver.names.has(name)) {
    const declaration = resolver.names.get(name);
    resolver.useDeclaration(declaration, span);
    const decl = declaration?.decl;
    if (decl?.kind === 'block' || decl?.kind === 'cell')
      checkDeclaredCall(resolver, declaration!.module.uri, decl, call, scope);
    else resolver.args(call, scope);
    if (decl?.kind === 'model' || decl?.kind === 'instance' || decl?.kind === 'space') {
      resolver.report(notAnOp(name, `a ${kindOf(decl)}`, span));
    }
    return;
  }
  const definition = opRegistry.get(name);
  if (definition !== undefined) {
    checkOpCall(resolver, definition, call, scope);
    return;
  }
  resolver.args(call, scope);
  if (name === '') return;
  if (functions.has(name) || name === 'choice') {
    resolver.report(notAnOp(name, 'a function', span));
    return;
  }
  reportUnknown(resolver, call.callee, scope, first);
}

/** Resolves what an instance is made of, and its arguments. */
export function checkInstance(resolver: CallResolver, { of: call }: InstanceDecl): void {
  const scope = new LocalScope();
  const { name, span } = call.callee;
  const declaration = resolver.names.get(name);
  const decl = declaration?.decl;
  if (decl?.kind === 'model') {
    resolver.useDeclaration(declaration, span);
    checkDeclaredCall(resolver, declaration!.module.uri, decl, call, scope);
    return;
  }
  resolver.args(call, scope);
  if (declaration === undefined && resolver.names.has(name)) resolver.useDeclaration(declaration, span);
  if (name === '' || (declaration === undefined && resolver.names.has(name))) return;
  if (decl !== undefined) resolver.refer(span, { uri: declaration!.module.uri, span: decl.name.span });
  const what = decl?.kind ?? (opRegistry.has(name) ? 'op' : undefined);
  const names = (): Iterable<string> => modelNames(resolver.names);
  resolver.report(notAModel(name, span, what, { names, comparisons: resolver.comparisons }));
}

function reportUnknown(
  resolver: CallResolver,
  { name, span }: Identifier,
  scope: LocalScope,
  first: boolean,
): void {
  const names = function* (): Generator<string> {
    yield* opRegistry.keys();
    yield* callableNames(resolver.names);
    yield* scope.names(false);
    if (first) yield* scope.names(true);
  };
  resolver.report(unknownName(name, span, { names, comparisons: resolver.comparisons }));
}

type Names = CallResolver['names'];
type Kind = Declaration['decl']['kind'];

/** Names of declarations of some kinds, found once for a file. */
function namesOf(wanted: (kind: Kind | undefined) => boolean): (names: Names) => readonly string[] {
  const known = new WeakMap<Names, readonly string[]>();
  return (names) => {
    let found = known.get(names);
    if (found === undefined) {
      found = [...names].flatMap(([name, declaration]) => (wanted(declaration?.decl.kind) ? [name] : []));
      known.set(names, found);
    }
    return found;
  };
}

/** Those that may be meant by an unknown op: a model or space is none, whatever it is called. */
const callableNames = namesOf((kind) => kind !== 'model' && kind !== 'instance' && kind !== 'space');

const modelNames = namesOf((kind) => kind === 'model');

/** The arguments of a block or cell, or of a model that an instance is made of. */
function checkDeclaredCall(
  resolver: CallResolver,
  uri: string,
  decl: ParametricDecl,
  call: OpCall,
  scope: LocalScope,
): void {
  for (const { name, value } of call.args) {
    const index = name === undefined ? undefined : parameterIndices(decl).get(name.name);
    const param = index === undefined ? undefined : decl.params[index];
    if (name !== undefined && param !== undefined) resolver.refer(name.span, { uri, span: param.name.span });
    if (value.kind === 'name' && scope.lookup(value.name)?.kind === 'tensor') {
      resolver.tensorUse(value, scope);
      resolver.report(tensorArgument(value.name, value.span));
    } else {
      resolver.expr(value, scope);
    }
  }
  for (const problem of bindBlock(decl, call.args, call.callee.span).problems) resolver.report(problem);
}

function checkOpCall(
  resolver: CallResolver,
  definition: OpDefinition,
  call: OpCall,
  scope: LocalScope,
): void {
  const { tensors, values } = splitArguments(
    definition,
    call.args,
    (name) => scope.lookup(name)?.kind === 'tensor',
  );
  for (const argument of tensors) {
    const { value } = argument;
    if (value.kind === 'name' && scope.lookup(value.name)?.kind === 'tensor') {
      resolver.tensorUse(value, scope);
    } else if (value.kind === 'name') {
      resolver.report(
        notATensor(value.name, value.span, {
          names: () => scope.names(true),
          comparisons: resolver.comparisons,
        }),
      );
    } else if (value.kind !== 'missing') {
      resolver.report(tensorNameExpected(definition, value));
    }
  }
  for (const { value } of values) resolver.expr(value, scope);
  const count = tensorCountProblem(definition, tensors.length, call.callee);
  if (count !== undefined) resolver.report(count);

  const isFree = (name: string): boolean => scope.lookup(name) === undefined && !resolver.names.has(name);
  const given = values.map((argument) => ({ argument, value: literalValue(argument.value, isFree) }));
  for (const problem of checkOp(definition, given, call.callee.span)) resolver.report(problem);
}

/** The arguments of an op that are tensors (`add(x)`), and the others. */
export function splitArguments(
  definition: OpDefinition,
  args: readonly Argument[],
  isTensor: (name: string) => boolean,
): { readonly tensors: readonly Argument[]; readonly values: readonly Argument[] } {
  if (definition.extraInputs === undefined) return { tensors: [], values: args };
  const tensors: Argument[] = [];
  const values: Argument[] = [];
  for (const argument of args) {
    const tensor =
      argument.name === undefined &&
      (definition.args.length === 0 || (argument.value.kind === 'name' && isTensor(argument.value.name)));
    (tensor ? tensors : values).push(argument);
  }
  return { tensors, values };
}

export function tensorNameExpected(definition: OpDefinition, value: Expr): ReturnType<typeof notATensor> {
  return {
    code: 'not-a-tensor',
    message: `\`${definition.name}\` takes names of tensors: name one before with \`x = …\`, then write \`${definition.name}(x)\`.`,
    span: value.span,
  };
}

export function tensorCountProblem(
  definition: OpDefinition,
  count: number,
  callee: { readonly span: OpCall['span'] },
): ReturnType<typeof notATensor> | undefined {
  const { min, max } = definition.extraInputs ?? { min: 0, max: 0 };
  if (count >= min && count <= max) return undefined;
  return {
    code: count < min ? 'missing-argument' : 'too-many-arguments',
    message:
      count < min
        ? `\`${definition.name}\` needs another tensor: name one with \`x = …\` and write \`${definition.name}(x)\`.`
        : `\`${definition.name}\` takes at most ${max} tensors besides the current one.`,
    span: callee.span,
  };
}

/** The value of an argument that needs no evaluation, so that blocks nobody calls are checked too. */
function literalValue(expr: Expr, isFree: (name: string) => boolean): Value | undefined {
  switch (expr.kind) {
    case 'number':
      return number(expr.value);
    case 'boolean':
      return { kind: 'boolean', value: expr.value };
    case 'string':
      return string(expr.value);
    case 'dims':
      return { kind: 'dims', values: expr.values };
    case 'unary':
      return expr.operator === '-' && expr.operand.kind === 'number'
        ? number(-expr.operand.value)
        : undefined;
    case 'name':
      return isFree(expr.name) && isWord(expr.name) ? string(expr.name) : undefined;
    case 'call':
    case 'binary':
    case 'conditional':
    case 'list':
    case 'tuple':
    case 'index':
    case 'missing':
      return undefined;
  }
}
