import type { ForStatement, IfStatement, RepeatStatement } from '../../../grammar/syntax.ts';
import { evaluate, evaluateCondition } from '../values/evaluate.ts';
import { decisionNames } from './decision-names.ts';
import type { Expansion } from './expansion.ts';
import type { Flowing } from './flowing.ts';
import {
  address,
  bindingText,
  bodyFrame,
  enteredFrame,
  type Frame,
  headerSpan,
  iterationLabels,
} from './frame.ts';
import type { Inner } from './inner.ts';
import { iterations, repetitions } from './loops.ts';
import { Scope } from '../names/meaning.ts';
import { number } from '../values/values.ts';

export function expandIf(
  expansion: Expansion,
  statement: IfStatement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
  { expandBody }: Inner,
): Flowing {
  const path = address(frame, 'if');
  const { condition, body, otherwise, span } = statement;
  const name = decisionNames(expansion, frame, span, 'if');
  const taken = evaluateCondition(condition, expansion.environment(condition, scope, frame, current, name));
  if (taken === undefined) return expansion.fail();
  if (taken)
    return expandBody(expansion, body, new Scope(scope), bodyFrame(frame, `${path}/then`, name), current);
  if (otherwise === undefined) return current;
  const inside = bodyFrame(frame, `${path}/else`, name === '' ? '' : `${name}.else`);
  return expandBody(expansion, otherwise, new Scope(scope), inside, current);
}

export function expandRepeat(
  expansion: Expansion,
  statement: RepeatStatement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
  { expandBody }: Inner,
): Flowing {
  const path = address(frame, 'repeat');
  const { count, variable, body, span } = statement;
  const name = decisionNames(expansion, frame, span, 'repeat');
  const env = expansion.environment(count, scope, frame, current, name);
  const times = repetitions(evaluate(count, env), count, env.report);
  if (times === undefined) return expansion.fail();
  const header = headerSpan(statement);
  let tensor = current;
  for (let index = 0; index < times; index++) {
    if (!expansion.step(frame, span)) return undefined;
    const inner = new Scope(scope);
    if (variable !== undefined) {
      inner.setValue(variable.name, number(index));
      expansion.loopValue(variable, number(index), frame);
    }
    const label = `repeat #${index + 1}`;
    const site = { uri: frame.module.uri, span: header, label, kind: 'iteration' } as const;
    const inside = enteredFrame(
      frame,
      `${path}:${index}`,
      `${name}[${variable === undefined ? index : `${variable.name}=${index}`}]`,
      site,
      variable === undefined ? `in ${label}` : `in ${label}, with ${variable.name} = ${index}`,
    );
    tensor = expandBody(expansion, body, inner, inside, tensor);
  }
  return tensor;
}

export function expandFor(
  expansion: Expansion,
  statement: ForStatement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
  { expandBody }: Inner,
): Flowing {
  const path = address(frame, 'for');
  const { iterable, pattern, body, span } = statement;
  const name = decisionNames(expansion, frame, span, 'for');
  const env = expansion.environment(iterable, scope, frame, current, name);
  const rows = iterations(evaluate(iterable, env), statement, env.report);
  if (rows === undefined) return expansion.fail();
  if (!expansion.spend(rows.length, frame, span)) return undefined;
  const header = headerSpan(statement);
  const variables = pattern.map((identifier) => identifier.name);
  const labels = expansion.decides ? iterationLabels(variables, rows) : [];
  let tensor = current;
  for (const [index, row] of rows.entries()) {
    if (!expansion.step(frame, span)) return undefined;
    const inner = new Scope(scope);
    for (const [column, variable] of pattern.entries()) {
      inner.setValue(variable.name, row[column]!);
      expansion.loopValue(variable, row[column]!, frame);
    }
    const label = `for ${bindingText(variables, row)}`;
    const site = { uri: frame.module.uri, span: header, label, kind: 'iteration' } as const;
    const inside = enteredFrame(
      frame,
      `${path}:${index}`,
      `${name}[${labels[index] ?? ''}]`,
      site,
      `with ${bindingText(variables, row)}`,
    );
    tensor = expandBody(expansion, body, inner, inside, tensor);
  }
  return tensor;
}
