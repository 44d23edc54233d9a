import { CompletionItemKind } from 'vscode-languageserver/node';
import type { Cursor } from '../../../language/cursor/cursor.ts';
import { ranks } from './item.ts';
import type { Suggestion } from './item.ts';
import type { Place } from './place.ts';

/** The edge a cell lacks next, or the nodes an edge may lead to. */
export function cellEdges(
  { before }: Cursor,
  place: Extract<Place, { kind: 'edge' | 'edge-target' }>,
): readonly Suggestion[] {
  const edges = before.flatMap((text, index) =>
    before[index + 1] === '->' && before[index + 3] === ':' && /^\d+$/.test(text)
      ? [{ from: Number(text), to: Number(before[index + 2]) }]
      : [],
  );
  const last = edges.reduce((highest, { to }) => Math.max(highest, to), 0);
  if (place.kind === 'edge-target') {
    const nodes = Array.from(
      { length: Math.max(1, last + 1 - place.from) },
      (_, index) => place.from + 1 + index,
    );
    return nodes.map((node) => ({
      label: String(node),
      kind: CompletionItemKind.Value,
      rank: ranks.expected,
      insert: `${node}: `,
      again: true,
    }));
  }
  const has = (from: number, to: number): boolean =>
    edges.some((edge) => edge.from === from && edge.to === to);
  const open = [Math.max(last, 1), last + 1].flatMap((to) =>
    Array.from({ length: to }, (_, from) => ({ from, to })).filter(({ from }) => !has(from, to)),
  );
  const distinct = new Map(open.map(({ from, to }) => [`${from} -> ${to}: `, { from, to }]));
  return [...distinct.keys()].map((label, index) => ({
    label,
    kind: CompletionItemKind.Event,
    rank: ranks.expected,
    preselect: index === 0,
    again: true,
  }));
}
