import type { FileAnalysis } from '../../../language/analysis.ts';
import type { Span } from '../../../../grammar/syntax.ts';
import type { Insight } from '../../../score/insight/insight.ts';
import type { ContributionMark } from '../../../protocol/insight.ts';

/** A mark, before its place is turned into lines and columns. */
export interface SpanMark extends Omit<ContributionMark, 'range'> {
  readonly span: Span;
}

/** Shares of the largest op of a model from which the levels 2 … 5 begin. */
const steps = [0.03, 0.1, 0.25, 0.5];

/** What every op of a file contributes; of models that share an op, the one to which it contributes most counts. */
export function contributionMarks(
  { uri, models }: FileAnalysis,
  insightOf: (model: string) => Insight | undefined,
): SpanMark[] {
  const marks = new Map<string, SpanMark>();
  for (const { name, network } of models) {
    const insight = network === undefined ? undefined : insightOf(name);
    if (network === undefined || insight === undefined) continue;
    const inside = new Map(insight.ops.map((op) => [op.path, op]));
    const places = new Map<string, { readonly span: Span; share: number; heard: boolean }>();
    for (const { path, origin, params } of network.nodes) {
      const op = inside.get(path);
      if (op === undefined || params.length === 0 || origin.uri !== uri) continue;
      const key = `${origin.span.start} ${origin.span.end}`;
      const place = places.get(key) ?? { span: origin.span, share: 0, heard: false };
      place.share += op.share.value;
      place.heard ||= op.signal.reaches;
      places.set(key, place);
    }
    const most = Math.max(...[...places.values()].map(({ share }) => share));
    for (const [key, { span, share, heard }] of places) {
      const level = heard ? levelOf(share / most) : 0;
      const before = marks.get(key);
      if (before === undefined || before.share < share) marks.set(key, { span, share, level });
    }
  }
  return [...marks.values()].sort((a, b) => a.span.start - b.span.start);
}

function levelOf(part: number): 1 | 2 | 3 | 4 | 5 {
  return (1 + steps.filter((step) => part >= step).length) as 1 | 2 | 3 | 4 | 5;
}
