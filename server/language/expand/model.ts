import { formatInteger } from '../../base/quantities.ts';
import type { ClassesDecl, InputDecl, Statement } from '../../../grammar/syntax.ts';
import { checkLogits } from '../../network/assemble.ts';
import type { Network, NetworkNode, NetworkTotals } from '../../network/network.ts';
import { ShapeError } from '../../network/op.ts';
import { totals } from '../../network/totals.ts';
import { constraintHolds, describeConstraint, rulesOut } from '../spaces/constraints.ts';
import { findExcess, type OpCount } from './count.ts';
import type { Decide } from '../spaces/decisions.ts';
import type { DiagnosticSink } from '../check/diagnostics.ts';
import { evaluate } from '../values/evaluate.ts';
import { expandBody } from './expand.ts';
import { type BlockShapes, Expansion, tooManyOps, type FlowShapes, type LoopValues } from './expansion.ts';
import { enterNetwork, type EnteredNetwork } from './enter-network.ts';
import { type Flowing, isTuple, namesFor } from './flowing.ts';
import type { Frame } from './frame.ts';
import { shapeOf } from './loops.ts';
import type { Declaration, Scope } from '../names/meaning.ts';
import { describeValue } from '../values/values.ts';

/** Most ops a network may have. */
export const defaultMaxOps = 20_000;

export interface ExpandOptions {
  readonly sink: DiagnosticSink;
  readonly maxOps?: number;
  /** Decides the choices of a space; absent for a model, which has none. */
  readonly decide?: Decide;
  /** What a violated constraint is: a remark about a model, no member of a space. */
  readonly violation?: 'warning' | 'error';
  /** Shapes of blocks known from other members of the space, and (`shapesOnly`) used instead of expanding these. */
  readonly blockShapes?: BlockShapes;
  readonly shapesOnly?: boolean;
  /** Its ops have been counted: a member of a space whose first one was small enough, as far as counting can tell. */
  readonly counted?: boolean;
}

/** What a model, or one member of a space, expands to. */
export interface ExpandedModel {
  /** Absent when there is an error. */
  readonly network?: Network | undefined;
  readonly totals?: NetworkTotals | undefined;
  /** Nodes up to the first error. */
  readonly nodes: readonly NetworkNode[];
  readonly flows: readonly FlowShapes[];
  readonly loops: readonly LoopValues[];
  /** A constraint rules this member of a space out by its decisions alone, so that what is wrong in it is wrong in no member. */
  readonly ruledOut?: boolean;
  /** Steps and nodes it took. */
  readonly work: number;
  /** Steps of counting before. */
  readonly counting: number;
}

/** Most classes of a network: the score works on vectors of this length per image. */
const maxClasses = 100_000;

/** Expands a model, or the member of a space that `decide` picks. Errors go to the sink; never throws. */
export function expandModel(declaration: Declaration, options: ExpandOptions): ExpandedModel {
  const { module } = declaration;
  const { sink, decide, maxOps = defaultMaxOps, blockShapes, shapesOnly, counted = false } = options;
  const expansion = new Expansion(module, sink, { maxNodes: maxOps, decide, blockShapes, shapesOnly });
  const entered = enterNetwork(expansion, declaration);
  if (entered === undefined) return { ...notExpanded, work: expansion.work };
  const { decl, scope, frame } = entered;

  const { excess, steps: counting } = counted
    ? { excess: undefined, steps: 0 }
    : findExcess(decl.body, frame.module, scope, maxOps, decl.name.span);
  if (excess !== undefined) {
    expansion.report(tooManyOps(countText(excess), maxOps, excess.span), frame);
    return { ...notExpanded, work: expansion.work, counting };
  }

  let current: Flowing;
  for (const statement of decl.body.statements) {
    current = expandTop(expansion, statement, scope, frame, current);
    if (expansion.stopped) break;
  }
  // Values that were too much to compute are unknown, which says nothing by itself.
  expansion.spend(0, frame, decl.name.span);
  const ruledOut =
    decide !== undefined && expansion.constraints.some((constraint) => rulesOut(expansion, constraint));
  const partial = {
    ...(ruledOut ? { ruledOut } : {}),
    nodes: expansion.nodes,
    flows: [...expansion.flows.values()],
    loops: [...expansion.loops.values()],
    work: expansion.work,
    counting,
  };
  if (current === undefined || expansion.failed || expansion.classes === undefined) return partial;
  const network = finish(expansion, entered, declaration.name, expansion.classes, current);
  if (network === undefined) return partial;
  const sums = totals(network);
  const kept =
    checkConstraints(expansion, network.name, sums, options.violation) &&
    expansion.spend(0, frame, decl.name.span);
  return kept ? { ...partial, network, totals: sums } : partial;
}

/** A model that is not expanded at all. */
export const notExpanded: ExpandedModel = { nodes: [], flows: [], loops: [], work: 0, counting: 0 };

/** Counts beyond any doubt are not written out: nested repeats make them as long as the text. */
function countText({ ops, exact }: OpCount): string {
  if (ops > 10n ** 15n) return 'more than 1,000,000,000,000,000';
  return `${exact ? '' : 'at least '}${formatInteger(ops)}`;
}

function expandTop(
  expansion: Expansion,
  statement: Statement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
  switch (statement.kind) {
    case 'input':
      return expandInput(expansion, statement, scope, frame, current);
    case 'classes':
      expandClasses(expansion, statement, scope, frame);
      return current;
    case 'constraint':
      expansion.constraints.push({ decl: statement, scope, frame });
      return current;
    case 'let':
    case 'flow-statement':
    case 'repeat':
    case 'for':
    case 'if':
      return expandBody(expansion, { span: statement.span, statements: [statement] }, scope, frame, current);
  }
}

function expandInput(
  expansion: Expansion,
  { shape, span }: InputDecl,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
  if (expansion.assembler !== undefined) {
    expansion.fail();
    return current;
  }
  const env = expansion.environment(shape, scope, frame, undefined, 'input');
  const extents = shapeOf(evaluate(shape, env), shape, env.report);
  return extents === undefined ? expansion.fail() : expansion.start(extents, frame, span);
}

function expandClasses(expansion: Expansion, { count }: ClassesDecl, scope: Scope, frame: Frame): void {
  if (expansion.classes !== undefined) {
    expansion.fail();
    return;
  }
  const env = expansion.environment(count, scope, frame, undefined, 'classes');
  const value = evaluate(count, env);
  if (value.kind === 'unknown') {
    expansion.fail();
  } else if (
    value.kind === 'number' &&
    Number.isInteger(value.value) &&
    value.value >= 2 &&
    value.value <= maxClasses
  ) {
    expansion.classes = value.value;
  } else {
    expansion.report(
      {
        code: value.kind === 'number' ? 'classes-range' : 'type-mismatch',
        message: `\`classes\` is a whole number from 2 to ${formatInteger(maxClasses)}, not ${describeValue(value)}.`,
        span: count.span,
      },
      frame,
    );
  }
}

function finish(
  expansion: Expansion,
  { decl, frame }: EnteredNetwork,
  name: string,
  classes: number,
  output: Flowing & object,
): Network | undefined {
  const last = decl.body.statements.findLast(({ kind }) => !['let', 'constraint'].includes(kind));
  const flow = last?.kind === 'flow-statement' ? last.flow.elements.at(-1) : undefined;
  const span = flow?.kind === 'op-call' ? flow.span : decl.name.span;
  if (isTuple(output)) {
    const { length } = output.tuple;
    const message = `A network gives one tensor, but ${length} flow here: name them with \`[${namesFor(length)}] = …\`, then begin a flow with the one that is meant.`;
    expansion.report({ code: 'tensor-count', message, span }, frame);
    return undefined;
  }
  try {
    checkLogits(output.shape, classes);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const { message, remedy } = error;
    expansion.report(
      {
        code: 'output-shape',
        message: `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${remedy}`,
        span,
      },
      frame,
    );
    return undefined;
  }
  return expansion.assembler!.finish(name, classes, output);
}

/** `false` after an error: a condition that is wrong, or a violation when that is one. */
function checkConstraints(
  expansion: Expansion,
  name: string,
  sums: NetworkTotals,
  violation: ExpandOptions['violation'],
): boolean {
  let kept = true;
  for (const constraint of expansion.constraints) {
    const holds = constraintHolds(expansion, constraint, sums);
    if (holds === undefined || (!holds && violation === 'error')) kept = false;
    if (holds !== false || violation === undefined) continue;
    expansion.report(
      {
        code: 'constraint-violated',
        severity: violation,
        message: `\`${name}\` does not keep to this: it has ${describeConstraint(constraint.decl, sums)}.`,
        span: constraint.decl.condition.span,
      },
      constraint.frame,
    );
  }
  return kept;
}
