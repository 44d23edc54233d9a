import { namedAggregates, type ProxyAggregate } from './aggregates.ts';
import type { ColumnSpec } from './column-spec.ts';
import { proxyNamed } from './index.ts';

/**
 * A proxy, or an aggregate over the models that are compared, as a column.
 *
 * @param own aggregates the user has named
 * @throws RangeError for a name that is neither
 */
export function columnNamed(name: string, own: readonly ProxyAggregate[] = []): ColumnSpec {
  const aggregate = [...own, ...namedAggregates].find((candidate) => candidate.name === name);
  if (aggregate !== undefined) return aggregateColumn(aggregate);
  const { title, better, source } = proxyNamed(name);
  return { name, title, better, source };
}

/** The column of an aggregate. @throws RangeError for a part that is no proxy */
export function aggregateColumn({ name, parts, rule, source }: ProxyAggregate): ColumnSpec {
  return {
    name,
    title: name,
    better: 'higher',
    source: `Σ ${rule} by ${parts.join(', ')}, rank 1 the worst; ${source}`,
    parts: parts.map((part) => ({ name: part, better: proxyNamed(part).better })),
    rule,
  };
}

/** The proxies that columns need, each once. */
export function proxiesFor(columns: readonly ColumnSpec[]): readonly string[] {
  return [...new Set(columns.flatMap(({ name, parts }) => parts?.map((part) => part.name) ?? [name]))];
}
