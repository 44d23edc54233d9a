import type { ConstraintDecl, Expr, Span } from '../../../../grammar/syntax.ts';
import type { OpContext, OpDefinition } from '../../../network/op.ts';
import { elementCount, type Shape } from '../../../network/shape.ts';
import type { MetricName } from '../../values/builtins.ts';
import { choiceCount } from '../decisions.ts';
import type { Declaration, Module, Scope, OpReference, Value } from '../../names/meaning.ts';
import { mayChoose, mayChooseWithValues } from '../../names/choice-marks.ts';
import { unknown } from '../../values/values.ts';
import { Work } from '../../work.ts';
import { controlNames } from './control.ts';
import { type Members, one, Uncountable, withTotals } from './members.ts';
import { type Outcome, outcomes } from './outcomes.ts';
import type { Paths } from './paths.ts';
import { either, noWay, oneWay, type Ways } from './ways.ts';

/** Values computed, and combinations of them, before a space counts as too large to count. */
const maxWork = 4_000_000;

/** How many of them a statement, a round or a call weighs. */
const stepWeight = 20;

/** Combinations of values or shapes kept apart at one place. */
const maxStates = 10_000;

/** A declaration whose body is counted. */
export interface Place {
  readonly module: Module;
  /** Names whose values decide about decisions. */
  readonly control: ReadonlySet<string>;
  /** Whether ops that are values here may have choices. */
  readonly choosingOps: boolean;
}

export function placeOf(declaration: Declaration, choosingOps: boolean): Place {
  return { module: declaration.module, control: controlNames(declaration), choosingOps };
}

/** The state of counting one space. */
export class Sizing {
  readonly classes: number;
  /** Shapes are followed only where decisions depend on `channels`: it takes longer, and keeps more apart. */
  readonly followsShapes: boolean;
  /** Bodies of blocks by the values and the shape that matter for them. */
  readonly blocks = new Map<Declaration, Map<string, Paths>>();
  /** What every cell with choices contributes, by the ids of `Members`. */
  readonly cells: Members[] = [];
  readonly cellIds = new Map<Declaration, number>();
  /** Constraints that depend on more than the decisions. */
  readonly open = new Set<ConstraintDecl>();
  /** What is added up of the networks of each member. */
  readonly totals: readonly MetricName[];
  readonly #work: Work;

  /** @param totals for which shapes are followed, too */
  constructor(classes: number, followsShapes: boolean, work: Work, totals: readonly MetricName[] = []) {
    this.#work = new Work(maxWork, work);
    this.totals = totals;
    this.classes = classes;
    this.followsShapes = followsShapes;
  }

  step(): void {
    this.look(stepWeight);
  }

  /** Counts what a step consists of. */
  look(amount = 1): void {
    if (!this.#work.spend(amount)) throw new Uncountable('it has too many parts');
  }

  checkStates(count: number): void {
    this.look(count);
    if (count > maxStates)
      throw new Uncountable('too many values of its lets, arguments or shapes matter at once');
  }

  /** The same for members that are told apart by their totals. */
  checkTotals(states: readonly { readonly members: Members }[]): void {
    if (this.totals.length > 0) this.look(states.reduce((terms, { members }) => terms + members.size, 0));
  }

  /** What an op adds to the totals of the networks that have it. */
  adds(definition: OpDefinition, context: OpContext | undefined): Members {
    if (this.totals.length === 0) return one;
    if (context === undefined) throw new Uncountable('totals depend on an unknown value');
    const added = {
      params: 0,
      macs: definition.macs?.(context) ?? 0,
      layers: definition.layers?.(context) ?? 0,
    };
    for (const { shape } of definition.params?.(context) ?? []) added.params += elementCount(shape);
    return withTotals(this.totals.map((name) => (name === 'flops' ? added.macs : added[name])));
  }

  /** Whether something at this place has to be looked at: it may choose, or change a shape that matters. */
  concerns(place: Place, span: Span): boolean {
    if (this.followsShapes) return true;
    return place.choosingOps ? mayChooseWithValues(place.module, span) : mayChoose(place.module, span);
  }

  /** Whether the value of a name has to be known. */
  controls(place: Place, name: string): boolean {
    return this.followsShapes || place.control.has(name);
  }

  /** The values an expression may have, with the number of ways to each. @param shape of the current tensor */
  outcomes(expr: Expr, scope: Scope, module: Module, shape: Shape | undefined): readonly Outcome[] {
    return outcomes(expr, scope, module, { classes: this.classes, shape, work: this.#work });
  }

  /**
   * `outcomes`, of which only the number of ways is kept where the value does not matter.
   *
   * @param matters whether decisions further down depend on the value
   */
  relevantOutcomes(
    matters: boolean,
    expr: Expr,
    scope: Scope,
    module: Module,
    shape: Shape | undefined,
  ): readonly Outcome[] {
    const found = this.outcomes(expr, scope, module, shape);
    if (matters || found.length === 1) return found;
    return [{ value: unknown, ways: allWays(found) }];
  }

  /** Ways to decide the choices of an expression whose value does not matter. */
  ways(expr: Expr, scope: Scope, module: Module, shape: Shape | undefined): Ways {
    if (choiceCount(expr) === 0) return oneWay;
    return allWays(this.outcomes(expr, scope, module, shape));
  }
}

function allWays(found: readonly Outcome[]): Ways {
  return found.reduce<Ways>((ways, outcome) => either(ways, outcome.ways), noWay);
}

export function valueOf(scope: Scope, name: string): Value {
  const binding = scope.lookup(name);
  return binding?.kind === 'value' ? binding.value : unknown;
}

/** Whether a value is, or holds, an op for which `test` holds. */
export function someOp(value: Value, test: (op: OpReference) => boolean): boolean {
  if (value.kind === 'list' || value.kind === 'tuple')
    return value.elements.some((element) => someOp(element, test));
  return value.kind === 'op' && test(value);
}
