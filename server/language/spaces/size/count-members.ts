import type { ConstraintDecl, Expr, FlowStatement, NameExpr, SpaceDecl } from '../../../../grammar/syntax.ts';
import { nodesOf } from '../../../../grammar/walk.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import { silent } from '../../check/diagnostics.ts';
import { type Declaration, Scope, type Value } from '../../names/meaning.ts';
import { type ContextName, isMetricName, metricNames } from '../../values/builtins.ts';
import { evaluate, evaluateCondition } from '../../values/evaluate.ts';
import { number, unknown } from '../../values/values.ts';
import { countBody } from './bodies.ts';
import { cellsOf, type Members, sum, totalsOf, Uncountable } from './members.ts';
import { placeOf, Sizing } from './sizing.ts';
import { Work } from '../../work.ts';
import { both, either, noWay, type Ways } from './ways.ts';

/** The members of a space. */
export interface Counted {
  /** All ways to make the decisions that keep to what the constraints say of the decisions themselves. */
  readonly ways: Ways;
  /** Constraints that say something of whole networks (`params`, `macs`, `layers`, shapes), so that some of them may be none. */
  readonly open: ReadonlySet<ConstraintDecl>;
}

/**
 * The members of a space: ways to make all decisions it meets. Nothing is enumerated: independent decisions multiply, a
 * body is counted once for every combination of the values that control decisions in it, and combinations that no longer
 * matter are merged. Takes from `work`, which the spaces of a file share. Throws `Uncountable` when too much depends on too much.
 */
export function countMembers(declaration: Declaration, classes: number, work: Work): Counted {
  try {
    return count(declaration, new Sizing(classes, false, work));
  } catch (error) {
    if (!(error instanceof Uncountable) || !error.needsShapes) throw error;
    return count(declaration, new Sizing(classes, true, work));
  }
}

/** Values computed to add up the totals of the members of a space. */
const totalsWork = 200_000;

/**
 * The number of members that keep to all constraints, where those that are open are about totals alone (`params`, `macs`, `layers`) and
 * there are not too many different ones: totals of ops add up, so members are told apart by them while they are counted. `undefined` where
 * that cannot be done.
 */
export function countByTotals(
  declaration: Declaration,
  classes: number,
  open: ReadonlySet<ConstraintDecl>,
): bigint | undefined {
  const conditions = [...open].map(({ condition }) => condition);
  const totals = metricNames.filter((name) => conditions.some((condition) => mentions(condition, name)));
  if (totals.length === 0 || (totals.includes('layers') && branchesOff(declaration))) return undefined;
  const sizing = new Sizing(classes, true, new Work(totalsWork), totals);
  const env = {
    module: declaration.module,
    scope: new Scope(),
    report: silent,
    work: new Work(totalsWork),
    context: (name: ContextName) => (name === 'classes' ? number(classes) : unknown),
    choose: () => unknown,
  };
  // What is the same for all members; the others are unknown.
  for (const statement of (declaration.decl as SpaceDecl).body.statements)
    if (statement.kind === 'let') env.scope.setValue(statement.name.name, evaluate(statement.value, env));
  try {
    let kept = 0n;
    for (const [key, { count: ways }] of membersOf(declaration, sizing)) {
      const found = totalsOf(key);
      if (found === undefined || sizing.cells.length > 0) return undefined;
      const holds = conditions.map((condition) =>
        evaluateCondition(condition, {
          ...env,
          context: (name) => (isMetricName(name) ? totalNamed(name, totals, found) : env.context(name)),
        }),
      );
      if (holds.includes(undefined)) return undefined;
      if (holds.every(Boolean)) kept += ways;
    }
    return kept;
  } catch (error) {
    if (error instanceof Uncountable) return undefined;
    throw error;
  }
}

function totalNamed(name: ContextName, names: readonly string[], totals: readonly number[]): Value {
  const total = totals[names.indexOf(name)];
  return total === undefined ? unknown : number(total);
}

function mentions(root: Expr, name: string): boolean {
  return nodesOf(root, (node): node is NameExpr => node.kind === 'name').some((each) => each.name === name);
}

/**
 * Whether something may branch off and lead nowhere, so that its layers would not count: a flow begins with a tensor that has a name, or
 * a cell may have nodes that nothing reads.
 */
function branchesOff(declaration: Declaration): boolean {
  const used = new Set([declaration]);
  for (const each of used) for (const next of each.uses) used.add(next);
  return [...used].some(({ decl, module }) => {
    if (decl.kind === 'cell') return true;
    const statements = nodesOf(decl, (node): node is FlowStatement => node.kind === 'flow-statement');
    const tensors = new Set(statements.map(({ name }) => name?.name));
    const isNamed = (name: string): boolean =>
      tensors.has(name) || !(module.names.has(name) || opRegistry.has(name));
    return statements.some(({ flow: { elements } }) => {
      const [first] = elements;
      return first?.kind === 'op-call' && !first.called && isNamed(first.callee.name);
    });
  });
}

function count(declaration: Declaration, sizing: Sizing): Counted {
  const members = membersOf(declaration, sizing);
  return { ways: multiplyCells(members, sizing.cells), open: sizing.open };
}

function membersOf(declaration: Declaration, sizing: Sizing): Members {
  const { body } = declaration.decl as SpaceDecl;
  const place = placeOf(declaration, declaration.makesChoosingOps);
  const paths = countBody(sizing, body, new Scope(), place, undefined);
  return paths.reduce<Members>((total, path) => sum(total, path.members), new Map());
}

/** Shared cells multiply in once, and so do the cells that these use. */
function multiplyCells(members: Members, cells: readonly Members[]): Ways {
  let total = noWay;
  // Keys are the cells still to multiply in, a bar, and those that are in already.
  let open = members;
  while (open.size > 0) {
    let next: Members = new Map<string, Ways>();
    for (const [key, ways] of open) {
      const [pending = '', finished = ''] = key.split('|');
      const [cell, ...rest] = cellsOf(pending);
      if (cell === undefined) {
        total = either(total, ways);
        continue;
      }
      const done = new Set([...cellsOf(finished), cell]);
      for (const [used, inside] of cells[cell]!) {
        const left = new Set([...rest, ...cellsOf(used)].filter((id) => !done.has(id)));
        const nextKey = `${[...left].sort((a, b) => a - b).join(' ')}|${[...done].join(' ')}`;
        next = sum(next, new Map([[nextKey, both(ways, inside)]]));
      }
    }
    open = next;
  }
  return total;
}
