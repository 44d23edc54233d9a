import { aggregateOf, namedAggregates } from './aggregates.ts';
import type { ColumnSpec } from './column-spec.ts';
import { proxyNamed } from './index.ts';
import type { Proxy } from './proxy.ts';
import { aggregateColumn, columnNamed, type AggregateColumn } from './ranking-columns.ts';

/** Other scores as a command names them. */
export interface ColumnNames {
  /** Proxies or published aggregates, also several with commas between. */
  readonly proxies: readonly string[];
  /** As `aggregateOf` reads them. Absent: the published ones whose parts are all computed anyway. */
  readonly aggregate?: readonly string[] | undefined;
  readonly ablation?: string | undefined;
}

/** What was asked for. */
export interface ColumnChoice {
  /** Those named, each once. */
  readonly columns: readonly ColumnSpec[];
  /** The aggregate that is shown without each of its parts. */
  readonly ablation?: AggregateColumn;
  /** What is computed, each once: the proxies named, and the parts of all aggregates. */
  readonly proxies: readonly Proxy[];
}

/** Reads the names, once for all that is done with them. @throws RangeError for one that is none, saying what there is */
export function chosenColumns({ proxies, aggregate, ablation }: ColumnNames): ColumnChoice {
  const computed = new Map<string, Proxy>();
  const find = (name: string): Proxy => {
    const proxy = proxyNamed(name);
    computed.set(proxy.name, proxy);
    return proxy;
  };
  const named = proxies.flatMap((text) => text.split(',')).map((name) => columnNamed(name, [], find));
  const aggregates =
    aggregate?.map((text) => aggregateOf(text)) ??
    namedAggregates.filter(({ parts }) => parts.every((part) => computed.has(part)));
  const columns = [...named, ...aggregates.map((each) => aggregateColumn(each, find))];
  const ablated = ablation === undefined ? undefined : aggregateColumn(aggregateOf(ablation), find);
  return {
    columns: [...new Map(columns.map((column) => [column.name, column])).values()],
    ...(ablated === undefined ? {} : { ablation: ablated }),
    proxies: [...computed.values()],
  };
}
