import type {
  Body,
  Flow,
  FlowElement,
  FlowStatement,
  OpCall,
  ParallelElement,
  ResidualElement,
  Span,
  Statement,
} from '../../../grammar/syntax.ts';
import { describeShape } from '../../network/parts/inputs.ts';
import { formatShape, sameShape } from '../../network/shape.ts';
import type { NetworkNode } from '../../network/network.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { apply } from './apply.ts';
import { joinName } from '../spaces/decisions.ts';
import { callableOf, evaluate } from '../values/evaluate.ts';
import { decisionNames } from './decision-names.ts';
import type { Expansion } from './expansion.ts';
import { nameTensors, single, tensorsNamed } from './tensors.ts';
import { type Flowing, isTuple, severalTensors } from './flowing.ts';
import { expandFor, expandIf, expandRepeat } from './expand-loops.ts';
import { address, bodyFrame, type Frame } from './frame.ts';
import type { Inner } from './inner.ts';
import { shapeOf } from './loops.ts';
import { keyword, mergeParallel, mergeResidual } from './merge.ts';
import { notAnOp, tensorInFlow, unknownName } from '../check/problems.ts';
import { Scope, type Callable, type Value } from '../names/meaning.ts';
import { describeValue } from '../values/values.ts';

/*
 * Every function here takes what flows in, mostly one tensor, and gives what flows on. `undefined` stands for what an error,
 * already reported, has made impossible: what follows is still checked, but adds no nodes and says nothing about shapes.
 */

const inner: Inner = { expandBody, expandFlow };

/** Expands the statements of a body in `scope`, each fed by the one before. */
export function expandBody(
  expansion: Expansion,
  body: Body,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
  if (expansion.tooDeep(frame, body.span)) return undefined;
  let tensor = current;
  for (const statement of body.statements) {
    if (!expansion.step(frame, statement.span)) return undefined;
    tensor = expandStatement(expansion, statement, scope, frame, tensor);
  }
  return tensor;
}

function expandStatement(
  expansion: Expansion,
  statement: Statement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
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
      return expandRepeat(expansion, statement, scope, frame, current, inner);
    case 'for':
      return expandFor(expansion, statement, scope, frame, current, inner);
    case 'if':
      return expandIf(expansion, statement, scope, frame, current, inner);
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
  current: Flowing,
): Flowing {
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
    if (isTuple(node)) {
      expansion.report(severalTensors('A stated shape', node.tuple.length, assertion.span), frame);
    } else if (expected !== undefined && node !== undefined && !sameShape(expected, node.shape)) {
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
  return nameTensors(expansion, statement, node, scope, frame);
}

/** `a -> b -> c` from the current tensor, or from the named tensor it starts with. */
export function expandFlow(
  expansion: Expansion,
  flow: Flow,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
  let tensor = current;
  for (const [index, element] of flow.elements.entries()) {
    if (!expansion.spend(1, frame, element.span)) return undefined;
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
  current: Flowing,
): Flowing {
  switch (element.kind) {
    case 'op-call':
      return expandCall(expansion, element, first, scope, frame, current);
    case 'tensors':
      return tensorsNamed(expansion, element, scope, frame);
    case 'choice-element': {
      const { choice, span } = element;
      const name = decisionNames(expansion, frame, span, 'choice');
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
  current: Flowing,
): Flowing {
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
  const name = decisionNames(expansion, frame, span, callee.name);
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
    inner,
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
  else expansion.report(unknownName(name, span), frame);
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
  current: Flowing,
  given?: { readonly call: OpCall; readonly scope: Scope },
): Flowing {
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
    inner,
  );
}

function expandResidual(
  expansion: Expansion,
  element: ResidualElement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
  const path = address(frame, 'residual');
  const name = decisionNames(expansion, frame, element.span, 'residual');
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
  const one = (side: Flowing): NetworkNode | undefined =>
    single(expansion, side, 'Each side of a residual', keyword(element.span, 'residual'), frame);
  return mergeResidual(expansion, element, one(body), one(shortcut), path, frame);
}

function expandParallel(
  expansion: Expansion,
  element: ParallelElement,
  scope: Scope,
  frame: Frame,
  current: Flowing,
): Flowing {
  const path = address(frame, 'parallel');
  const name = decisionNames(expansion, frame, element.span, 'parallel');
  if (!expansion.spend(element.branches.length, frame, element.span)) return expansion.fail();
  const branches = element.branches.map((branch, index) => {
    const inside = bodyFrame(frame, `${path}/branch.${index}`, joinName(name, `branch[${index}]`));
    const output = expandBody(expansion, branch, new Scope(scope), inside, current);
    return single(expansion, output, 'A branch', keyword(element.span, 'parallel'), frame);
  });
  return mergeParallel(expansion, element, branches, path, frame);
}
