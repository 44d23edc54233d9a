import type { CellDecl, CellEdge, Span } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import { cellGraph } from './cells.ts';
import { DecisionNames, joinName } from '../spaces/decisions.ts';
import type { Expansion } from './expansion.ts';
import { address, enteredFrame, type Frame } from './frame.ts';
import type { Inner } from './inner.ts';
import { sum } from './merge.ts';
import { type Declaration, Scope } from '../names/meaning.ts';

/** The output node of a cell applied to the current tensor; `undefined` after an error. */
export function applyCell(
  expansion: Expansion,
  declaration: Declaration,
  decl: CellDecl,
  span: Span,
  frame: Frame,
  current: NetworkNode | undefined,
  { expandFlow }: Inner,
): NetworkNode | undefined {
  const { edges, output, problems } = cellGraph(decl);
  // Reported where the cell is declared.
  if (problems.some(({ severity = 'error' }) => severity === 'error')) return expansion.fail();
  if (!expansion.spend(edges.length, frame, span)) return expansion.fail();
  const path = address(frame, 'cell');
  const site = { uri: frame.module.uri, span, label: decl.name.name, kind: 'call' } as const;
  // All uses of a cell share its decisions, so the cell alone names them.
  const inside = enteredFrame(frame, path, decl.name.name, site, 'used here', declaration.module);

  const nodes: (NetworkNode | undefined)[] = [current];
  const into: CellEdge[][] = [];
  for (const edge of edges) (into[edge.to.value] ??= []).push(edge);
  for (let target = 1; target <= output; target++) {
    const incoming = into[target] ?? [];
    const terms = incoming.map(({ from, flow }) => {
      const edge: Frame = {
        ...inside,
        path: `${path}/${from.value}-${target}/`,
        ordinals: new Map(),
        // `0 -> 1: choice(…)` is simply called `Cell.0->1`.
        names: new DecisionNames(joinName(inside.names.prefix, `${from.value}->${target}`), 'choice'),
      };
      return expandFlow(expansion, flow, new Scope(), edge, nodes[from.value]);
    });
    const place = incoming[0]?.to.span ?? decl.name.span;
    nodes.push(sum(expansion, terms, `${path}/node.${target}`, place, inside));
  }
  return nodes[output];
}
