import { boundNames } from '../../../grammar/bound-names.ts';
import type { Body, FlowElement, OpCall } from '../../../grammar/syntax.ts';
import { opRegistry } from '../../network/ops/index.ts';
import type { OpDefinition } from '../../network/op.ts';
import type { Module } from '../names/meaning.ts';
import { walk } from '../../../grammar/walk.ts';
import { localNames } from './local-names.ts';
import { sound } from './rule.ts';

/** An op as it is written. */
export interface WrittenOp {
  readonly call: OpCall;
  readonly definition: OpDefinition;
}

/**
 * Ops of which one feeds the other and nothing else, as far as the text alone shows it: so blocks are checked that
 * nothing here uses, and files with errors elsewhere.
 */
export function* adjacent(module: Module): Generator<readonly [WrittenOp, WrittenOp]> {
  for (const { decl } of sound(module)) {
    if (decl.kind === 'let' || decl.kind === 'cell') continue;
    const local = new Set<string>();
    const bodies: Body[] = [];
    walk(decl, (node) => {
      for (const { name } of localNames(node)) local.add(name.name);
      if ('statements' in node) bodies.push(node as Body);
    });
    const op = (element: FlowElement): WrittenOp | undefined => {
      if (element.kind !== 'op-call') return undefined;
      const { name } = element.callee;
      const definition = local.has(name) || module.names.has(name) ? undefined : opRegistry.get(name);
      return definition === undefined ? undefined : { call: element, definition };
    };
    for (const body of bodies) yield* pairs(body, op);
  }
}

function* pairs(
  body: Body,
  op: (element: FlowElement) => WrittenOp | undefined,
): Generator<readonly [WrittenOp, WrittenOp]> {
  let before: WrittenOp | undefined;
  for (const statement of body.statements) {
    if (statement.kind === 'let' || statement.kind === 'constraint') continue;
    if (statement.kind !== 'flow-statement') {
      before = undefined;
      continue;
    }
    for (const element of statement.flow.elements) {
      const here = op(element);
      if (before !== undefined && here !== undefined) yield [before, here];
      before = here;
    }
    // A named tensor may be read again.
    if (boundNames(statement).length > 0) before = undefined;
  }
}
