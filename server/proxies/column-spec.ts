import { own } from '../base/own.ts';
import type { ExtraColumn } from '../ranking/columns.ts';
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
  return {
    name,
    title,
    better,
    source,
    valuesOf: (entries) => {
      const known = (of: string): (number | undefined)[] =>
        entries.map(({ proxies }) => own(proxies?.values ?? {}, of));
      return parts === undefined ? known(name) : aggregateValues(parts, (part) => known(part.name), rule);
    },
  };
}
