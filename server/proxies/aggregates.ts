import { proxies, proxyNamed } from './index.ts';
import { logRankAggregate } from './log-rank.ts';
import type { Proxy } from './proxy.ts';

/** A ranking made of several: the sum of the logarithms of the ranks that its parts give. */
export interface ProxyAggregate {
  readonly name: string;
  /** Names of proxies, at least two. */
  readonly parts: readonly string[];
  readonly source: string;
}

const published: readonly ProxyAggregate[] = [
  {
    name: 'vkdnw_agg',
    parts: ['vkdnw_single', 'jacov', 'expressivity', 'trainability', 'macs'],
    source: 'Týbl and Neumann, CVPR 2025',
  },
  {
    name: 'az_nas',
    parts: ['expressivity', 'progressivity', 'trainability', 'macs'],
    source: 'Lee and Ham, CVPR 2024',
  },
];

/** The published aggregates all of whose parts are computed here. */
export const namedAggregates: readonly ProxyAggregate[] = published.filter(({ parts }) =>
  parts.every((part) => proxies.some(({ name }) => name === part)),
);

/**
 * Reads how an aggregate is written: the name of one, `a+b` for one of its own, or `name=a+b` to give it a name.
 *
 * @param own those the user has named
 * @throws RangeError saying what is wrong with it, and what there is
 */
export function aggregateOf(text: string, own: readonly ProxyAggregate[] = []): ProxyAggregate {
  const known = [...own, ...namedAggregates].find(({ name }) => name === text);
  if (known !== undefined) return known;
  const [, name, list] = /^(?:([^=+]*)=)?([^=]*)$/.exec(text) ?? [];
  if (list === undefined) throw new RangeError(`'${text}' is not an aggregate; write NAME=PROXY+PROXY.`);
  if (name === undefined && !list.includes('+')) {
    const there = [...own, ...namedAggregates].map((aggregate) => aggregate.name);
    throw new RangeError(
      `'${text}' is not an aggregate. ${there.length === 0 ? '' : `There are ${there.join(', ')}; `}write one of your own as PROXY+PROXY.`,
    );
  }
  return ownAggregate(name ?? list, list.split('+'));
}

/** An aggregate the user has named. @throws RangeError for a name that is taken, a part that is none, and less than two */
export function ownAggregate(name: string, parts: readonly string[]): ProxyAggregate {
  if (!/^\S+$/.test(name))
    throw new RangeError(`'${name}' is not a name for an aggregate: it is empty or has blanks.`);
  if (proxies.some((proxy) => proxy.name === name))
    throw new RangeError(`'${name}' is the name of a proxy; give the aggregate another one.`);
  const different = [...new Set(parts.map((part) => proxyNamed(part.trim()).name))];
  if (different.length < 2)
    throw new RangeError(`${name}: an aggregate needs two different proxies at least.`);
  return { name, parts: different, source: 'your own' };
}

/**
 * Values of an aggregate over the networks compared. A network without one of the parts is the worst by it.
 *
 * @param valuesOf a column of a proxy; undefined where it failed
 * @returns one a network; undefined for one that has none of the parts
 */
export function aggregateValues(
  parts: readonly Proxy[],
  valuesOf: (proxy: Proxy) => readonly (number | undefined)[],
): readonly (number | undefined)[] {
  const columns = parts.map((proxy) => [proxy, valuesOf(proxy)] as const);
  const signed = columns.map(([proxy, values]): [string, readonly number[]] => {
    const better = values.map((value) => (value === undefined ? undefined : directed(proxy, value)));
    const least = better.reduce<number>((low, value) => Math.min(low, value ?? Infinity), Infinity);
    const worst = Number.isFinite(least) ? least - Math.max(1, Math.abs(least)) : 0;
    return [proxy.name, better.map((value) => value ?? worst)];
  });
  return logRankAggregate(new Map(signed)).map((value, row) =>
    columns.every(([, values]) => values[row] === undefined) ? undefined : value,
  );
}

/** The value, or its negative for a proxy of which less is better. */
export function directed({ better }: Pick<Proxy, 'better'>, value: number): number {
  return better === 'higher' ? value : -value;
}
