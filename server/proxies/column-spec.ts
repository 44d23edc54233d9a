import { own } from '../base/own.ts';
import type { ExtraColumn } from '../ranking/columns.ts';
import type { RankingEntry } from '../ranking/entry.ts';
import { aggregateValues, type Directed } from './aggregate-values.ts';
import type { RankRule } from './rank-sum.ts';

/** A column of a ranking as a plain value, which can be sent to a page. */
export interface ColumnSpec extends Directed {
  readonly title: string;
  readonly source: string;
  /** What an aggregate is made of; absent for a proxy. */
  readonly parts?: readonly Directed[];
  readonly rule?: RankRule;
}

/** The column that a ranking computes: values as they are known, or their aggregate over the models compared. */
export function columnOf({ name, title, better, source, parts, rule }: ColumnSpec): ExtraColumn {
  const known =
    (of: string) =>
    ({ proxies }: RankingEntry): number | undefined =>
      own(proxies?.values ?? {}, of);
  const why = ({ proxies }: RankingEntry, of: string): string | undefined => own(proxies?.failed ?? {}, of);
  const computed = parts ?? [{ name }];
  const isOpen: ExtraColumn['isOpen'] = (entry) =>
    computed.some((part) => known(part.name)(entry) === undefined && why(entry, part.name) === undefined);
  const failuresOf: ExtraColumn['failuresOf'] = (entry) =>
    computed.flatMap((part) => {
      const reason = why(entry, part.name);
      return reason === undefined ? [] : [[part.name, reason] as const];
    });
  const described = { name, title, better, source, isOpen, failuresOf };
  if (parts === undefined) {
    const valueAlone = known(name);
    return { ...described, valuesOf: (entries) => entries.map(valueAlone), valueAlone };
  }
  return {
    ...described,
    // What is not computed yet is no failure: such a model is not the worst, but takes no part until it is known.
    valuesOf: (entries) => {
      const compared = entries.filter((entry) => !isOpen(entry));
      const values = aggregateValues(parts, (part) => compared.map(known(part.name)), rule);
      const valueOf = new Map(compared.map((entry, index) => [entry, values[index]]));
      return entries.map((entry) => valueOf.get(entry));
    },
  };
}
