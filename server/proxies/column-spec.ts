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
  const described = { name, title, better, source };
  const failuresOf: ExtraColumn['failuresOf'] = ({ proxies }) =>
    (parts ?? [{ name }]).flatMap((part) => {
      const why = own(proxies?.failed ?? {}, part.name);
      return why === undefined ? [] : [[part.name, why] as const];
    });
  if (parts === undefined) {
    const valueAlone = known(name);
    return { ...described, valuesOf: (entries) => entries.map(valueAlone), valueAlone, failuresOf };
  }
  return {
    ...described,
    valuesOf: (entries) => aggregateValues(parts, (part) => entries.map(known(part.name)), rule),
    failuresOf,
  };
}
