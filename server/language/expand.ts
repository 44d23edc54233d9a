import type {
  Body,
  Flow,
  FlowElement,
  FlowStatement,
  ForStatement,
  IfStatement,
  OpCall,
  ParallelElement,
  RepeatStatement,
  ResidualElement,
  Span,
  Statement,
} from '../../grammar/syntax.ts';
import type { NetworkNode } from '../network/network.ts';
import { describeShape } from '../network/parts/inputs.ts';
import { formatShape, sameShape } from '../network/shape.ts';
import { opRegistry } from '../network/ops/index.ts';
import { apply } from './apply.ts';
import { joinName } from './decisions.ts';
import { callableOf, evaluate, evaluateCondition } from './evaluate.ts';
import type { Expansion } from './expansion.ts';
import {
  address,
  bindingText,
  bodyFrame,
  enteredFrame,
  type Frame,
  headerSpan,
  iterationLabels,
} from './frame.ts';
import { iterations, repetitions, shapeOf } from './loops.ts';
import { mergeParallel, mergeResidual } from './merge.ts';
import { mayChooseWithValues } from './module.ts';
import { notAnOp, tensorInFlow, unknownName } from './problems.ts';
import { Scope } from './scope.ts';
import { type Callable, describeValue, number, type Value } from './values.ts';

/*
 * Every function here takes the current tensor and gives the next one. `undefined` stands for a tensor that an error,
 * already reported, has made impossible: what follows is still checked, but adds no nodes and says nothing about shapes.
 */

/** Expands the statements of a body in `scope`, each fed by the one before. */
export function expandBody(
  expansion: Expansion,
  body: Body,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  if (expansion.tooDeep(frame, body.span)) return undefined;
  let tensor = current;
  for (const statement of body.statements) {
    if (!expansion.step(frame, statement.span)) return undefined;
    tensor = expandStatement(expansion, statement, scope, frame, tensor);
  }
  return tensor;
}

/** A label for the decisions inside, if there may be any. */
function names(expansion: Expansion, frame: Frame, span: Span, label: string): string {
  return expansion.decides && mayChooseWithValues(frame.module, span) ? frame.names.take(label) : '';
}

function expandStatement(
  expansion: Expansion,
  statement: Statement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  switch (statement.kind) {
    case 'let': {
      const name = joinName(frame.names.prefix, statement.name.name);
      const env = expansion.environment(statement.value, scope, frame, current, name);
      scope.setValue(statement.name.name, evaluate(statement.value, env));
      return current;
    }
    case 'flow-statement':
      return expandFlowStatement(expansion, statement, scope, frame, current);
    case 'repeat':
      return expandRepeat(expansion, statement, scope, frame, current);
    case 'for':
      return expandFor(expansion, statement, scope, frame, current);
    case 'if':
      return expandIf(expansion, statement, scope, frame, current);
    case 'input':
    case 'classes':
    case 'constraint':
      // Only at the top of a model, which handles them itself; misplaced ones have been reported.
      expansion.fail();
      return current;
  }
}

function expandFlowStatement(
  expansion: Expansion,
  statement: FlowStatement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const node = expandFlow(expansion, statement.flow, scope, frame, current);
  expansion.flow(statement, node, frame);
  if (statement.assertion !== undefined) {
    const { assertion } = statement;
    const env = expansion.environment(
      assertion,
      scope,
      frame,
      node,
      joinName(frame.names.prefix, 'assertion'),
    );
    const expected = shapeOf(evaluate(assertion, env), assertion, env.report);
    if (expected !== undefined && node !== undefined && !sameShape(expected, node.shape)) {
      expansion.report(
        {
          code: 'shape-assertion',
          message: `This is ${describeShape(node.shape)}, not ${formatShape(expected)}: correct the ops before it or the shape stated here.`,
          span: assertion.span,
        },
        frame,
      );
    }
  }
  if (statement.name !== undefined) scope.set(statement.name.name, { kind: 'tensor', node });
  return node;
}

/** `a -> b -> c` from the current tensor, or from the named tensor it starts with. */
export function expandFlow(
  expansion: Expansion,
  flow: Flow,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  let tensor = current;
  for (const [index, element] of flow.elements.entries()) {
    if (expansion.stopped) return undefined;
    tensor = expandElement(expansion, element, index === 0, scope, frame, tensor);
  }
  return tensor;
}

function expandElement(
  expansion: Expansion,
  element: FlowElement,
  first: boolean,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  switch (element.kind) {
    case 'op-call':
      return expandCall(expansion, element, first, scope, frame, current);
    case 'choice-element': {
      const { choice, span } = element;
      const name = names(expansion, frame, span, 'choice');
      const chosen = evaluate(choice, expansion.environment(choice, scope, frame, current, name));
      return applyValue(expansion, chosen, element.choice.callee.span, span, name, frame, current);
    }
    case 'residual':
      return expandResidual(expansion, element, scope, frame, current);
    case 'parallel':
      return expandParallel(expansion, element, scope, frame, current);
    case 'missing':
      return expansion.fail();
  }
}

function expandCall(
  expansion: Expansion,
  call: OpCall,
  first: boolean,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const { callee, span } = call;
  const { module } = frame;
  const binding = scope.lookup(callee.name);
  if (binding?.kind === 'tensor') {
    if (first && !call.called) return binding.node;
    return expansion.report(
      call.called ? notAnOp(callee.name, 'a tensor', callee.span) : tensorInFlow(callee.name, callee.span),
      frame,
    );
  }
  const name = names(expansion, frame, span, callee.name);
  const declaration = module.names.get(callee.name);
  if (binding !== undefined || declaration?.decl.kind === 'let') {
    const value = binding?.value ?? declaration!.value;
    return applyValue(expansion, value, callee.span, span, name, frame, current, { call, scope });
  }
  const target = calleeOf(expansion, call, frame);
  if (target === undefined) return undefined;
  return apply(
    expansion,
    { target, args: call.args, scope, module, callee, span, names: name },
    frame,
    current,
  );
}

function calleeOf(expansion: Expansion, { callee }: OpCall, frame: Frame): Callable | undefined {
  const { name, span } = callee;
  if (frame.module.names.has(name)) {
    const declaration = frame.module.names.get(name);
    const target = declaration === undefined ? undefined : callableOf(declaration);
    if (target !== undefined) return target;
    if (declaration === undefined) expansion.fail();
    else expansion.report(notAnOp(name, `a ${declaration.decl.kind}`, span), frame);
    return undefined;
  }
  const definition = opRegistry.get(name);
  if (definition !== undefined) return { kind: 'op', definition };
  if (name === '') expansion.fail();
  else expansion.report(unknownName(name, span, []), frame);
  return undefined;
}

/** Applies an op that is a value: an option of a choice, a parameter, an element of a list. */
function applyValue(
  expansion: Expansion,
  value: Value,
  calleeSpan: Span,
  span: Span,
  name: string,
  frame: Frame,
  current: NetworkNode | undefined,
  given?: { readonly call: OpCall; readonly scope: Scope },
): NetworkNode | undefined {
  if (value.kind === 'unknown') return expansion.fail();
  if (value.kind !== 'op') {
    const what = given === undefined ? 'This option' : `\`${given.call.callee.name}\``;
    return expansion.report(
      {
        code: 'not-callable',
        message: `${what} is ${describeValue(value)}, not an op, block or cell.`,
        span: calleeSpan,
      },
      frame,
    );
  }
  const own = given !== undefined && given.call.args.length > 0;
  if (own && value.args.length > 0) {
    return expansion.report(
      {
        code: 'not-callable',
        message: `\`${given.call.callee.name}\` is ${value.text}, which has its arguments already: write it without.`,
        span: calleeSpan,
      },
      frame,
    );
  }
  const { target } = value;
  const label = target.kind === 'op' ? target.definition.name : target.decl.name.name;
  return apply(
    expansion,
    {
      target,
      args: own ? given.call.args : value.args,
      scope: own ? given.scope : value.scope,
      module: own ? frame.module : value.module,
      callee: { span: calleeSpan },
      span,
      names: joinName(name, label),
    },
    frame,
    current,
  );
}

function expandResidual(
  expansion: Expansion,
  element: ResidualElement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const path = address(frame, 'residual');
  const name = names(expansion, frame, element.span, 'residual');
  const body = expandBody(
    expansion,
    element.body,
    new Scope(scope),
    bodyFrame(frame, `${path}/body`, name),
    current,
  );
  const shortcut =
    element.shortcut === undefined
      ? current
      : expandBody(
          expansion,
          element.shortcut,
          new Scope(scope),
          bodyFrame(frame, `${path}/shortcut`, name === '' ? '' : `${name}.shortcut`),
          current,
        );
  return mergeResidual(expansion, element, body, shortcut, path, frame);
}

function expandParallel(
  expansion: Expansion,
  element: ParallelElement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const path = address(frame, 'parallel');
  const name = names(expansion, frame, element.span, 'parallel');
  const branches = element.branches.map((branch, index) => {
    const inside = bodyFrame(frame, `${path}/branch.${index}`, joinName(name, `branch[${index}]`));
    return expandBody(expansion, branch, new Scope(scope), inside, current);
  });
  return mergeParallel(expansion, element, branches, path, frame);
}

function expandIf(
  expansion: Expansion,
  statement: IfStatement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const path = address(frame, 'if');
  const { condition, body, otherwise, span } = statement;
  const name = names(expansion, frame, span, 'if');
  const taken = evaluateCondition(condition, expansion.environment(condition, scope, frame, current, name));
  if (taken === undefined) return expansion.fail();
  if (taken)
    return expandBody(expansion, body, new Scope(scope), bodyFrame(frame, `${path}/then`, name), current);
  if (otherwise === undefined) return current;
  const inside = bodyFrame(frame, `${path}/else`, name === '' ? '' : `${name}.else`);
  return expandBody(expansion, otherwise, new Scope(scope), inside, current);
}

function expandRepeat(
  expansion: Expansion,
  statement: RepeatStatement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const path = address(frame, 'repeat');
  const { count, variable, body, span } = statement;
  const name = names(expansion, frame, span, 'repeat');
  const env = expansion.environment(count, scope, frame, current, name);
  const times = repetitions(evaluate(count, env), count, env.report);
  if (times === undefined) return expansion.fail();
  const header = headerSpan(statement);
  let tensor = current;
  for (let index = 0; index < times; index++) {
    if (!expansion.step(frame, span)) return undefined;
    const inner = new Scope(scope);
    if (variable !== undefined) inner.setValue(variable.name, number(index));
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

function expandFor(
  expansion: Expansion,
  statement: ForStatement,
  scope: Scope,
  frame: Frame,
  current: NetworkNode | undefined,
): NetworkNode | undefined {
  const path = address(frame, 'for');
  const { iterable, pattern, body, span } = statement;
  const name = names(expansion, frame, span, 'for');
  const env = expansion.environment(iterable, scope, frame, current, name);
  const rows = iterations(evaluate(iterable, env), statement, env.report);
  if (rows === undefined) return expansion.fail();
  const header = headerSpan(statement);
  const variables = pattern.map((identifier) => identifier.name);
  const labels = expansion.decides ? iterationLabels(variables, rows) : [];
  let tensor = current;
  for (const [index, row] of rows.entries()) {
    if (!expansion.step(frame, span)) return undefined;
    const inner = new Scope(scope);
    for (const [column, variable] of variables.entries()) inner.setValue(variable, row[column]!);
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
