import { formatInteger } from '../../base/quantities.ts';
import type { ConstraintDecl, Expr } from '../../../grammar/syntax.ts';
import type { NetworkTotals } from '../../network/network.ts';
import { type ContextName, isMetricName, type MetricName } from '../values/builtins.ts';
import { operands } from './decisions.ts';
import { evaluateCondition } from '../values/evaluate.ts';
import type { Expansion, PendingConstraint } from '../expand/expansion.ts';
import { silent } from '../check/diagnostics.ts';
import type { Value } from '../names/meaning.ts';
import { number, unknown } from '../values/values.ts';

function metric(name: MetricName, totals: NetworkTotals): number {
  return name === 'flops' ? totals.macs : totals[name];
}

/** Whether a complete network keeps to a constraint; `undefined` when the condition is wrong, which is reported. */
export function constraintHolds(
  expansion: Expansion,
  { decl, scope, frame }: PendingConstraint,
  totals: NetworkTotals,
): boolean | undefined {
  const { condition } = decl;
  const env = expansion.environment(condition, scope, frame, undefined, 'constraint');
  return evaluateCondition(condition, {
    ...env,
    context: (name) => (isMetricName(name) ? number(metric(name, totals)) : env.context(name)),
  });
}

/** Whether a constraint rules a member out by its decisions alone, whatever network it is. */
export function rulesOut(expansion: Expansion, { decl, scope, frame }: PendingConstraint): boolean {
  const { condition } = decl;
  const env = expansion.environment(condition, scope, frame, undefined, 'constraint');
  const context = (name: ContextName): Value | undefined =>
    isMetricName(name) ? unknown : env.context(name);
  return evaluateCondition(condition, { ...env, report: silent, context }) === false;
}

/** `1,234 params`, for each metric in the condition. */
export function describeConstraint({ condition }: ConstraintDecl, totals: NetworkTotals): string {
  const used = new Set<MetricName>();
  const pending: Expr[] = [condition];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    if (expr.kind === 'name' && isMetricName(expr.name)) used.add(expr.name);
    pending.push(...operands(expr).toReversed());
  }
  return [...used].map((name) => `${formatInteger(metric(name, totals))} ${name}`).join(' and ');
}
