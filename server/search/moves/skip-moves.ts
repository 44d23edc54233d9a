import { boundNames } from '../../../grammar/bound-names.ts';
import type { Body, Flow, ResidualElement } from '../../../grammar/syntax.ts';
import type { Move } from './move.ts';

/** The body alone in place of the sum with its input; of one flow, which needs no braces. */
export function withoutResidual(text: string, { span, body, shortcut }: ResidualElement): readonly Move[] {
  const flow = onlyFlow(body);
  if (flow === undefined || shortcut !== undefined) return [];
  const inner = text.slice(flow.span.start, flow.span.end);
  return [{ kind: 'skip', title: 'without the residual', changes: [{ span, text: inner }] }];
}

/** The sum of a body and its input in place of the body; where their shapes differ it does not fit. */
export function withResidual(text: string, body: Body): readonly Move[] {
  const flow = onlyFlow(body);
  if (flow === undefined || flow.elements.some(({ kind }) => kind === 'residual' || kind === 'missing'))
    return [];
  const inner = text.slice(flow.span.start, flow.span.end);
  return [
    {
      kind: 'skip',
      title: `residual { ${short(inner)} }`,
      changes: [{ span: flow.span, text: `residual { ${inner} }` }],
    },
  ];
}

function onlyFlow({ statements }: Body): Flow | undefined {
  const [only] = statements;
  return statements.length === 1 && only?.kind === 'flow-statement' && boundNames(only).length === 0
    ? only.flow
    : undefined;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 36 ? `${line.slice(0, 35)}…` : line;
}
