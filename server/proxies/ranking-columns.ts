import { namedAggregates, type ProxyAggregate } from './aggregates.ts';
import type { ColumnSpec } from './column-spec.ts';
import { proxyNamed } from './index.ts';
import type { Proxy } from './proxy.ts';

/** A column that is computed from others. */
export type AggregateColumn = ColumnSpec & Required<Pick<ColumnSpec, 'parts' | 'rule'>>;

type FindProxy = (name: string) => Pick<Proxy, 'name' | 'title' | 'better' | 'source'>;

export function isAggregate(column: ColumnSpec): column is AggregateColumn {
  return column.parts !== undefined;
}

/**
 * A proxy, or an aggregate over the models that are compared, as a column.
 *
 * @param own aggregates the user has named
 * @throws RangeError for a name that is neither
 */
export function columnNamed(
  name: string,
  own: readonly ProxyAggregate[] = [],
  find: FindProxy = proxyNamed,
): ColumnSpec {
  const aggregate = [...own, ...namedAggregates].find((candidate) => candidate.name === name);
  if (aggregate !== undefined) return aggregateColumn(aggregate, find);
  const { title, better, source } = find(name);
  return { name, title, better, source };
}

/** The column of an aggregate. @throws RangeError for a part that is no proxy */
export function aggregateColumn(
  { name, parts, rule, source }: ProxyAggregate,
  find: FindProxy = proxyNamed,
): AggregateColumn {
  return {
    name,
    title: name,
    better: 'higher',
    source: `Σ ${rule} by ${parts.join(', ')}, rank 1 the worst; ${source}`,
    parts: parts.map((part) => ({ name: part, better: find(part).better })),
    rule,
  };
}

/** The proxies that columns need, each once. */
export function proxiesFor(columns: readonly ColumnSpec[]): readonly string[] {
  return [...new Set(columns.flatMap(({ name, parts }) => parts?.map((part) => part.name) ?? [name]))];
}
