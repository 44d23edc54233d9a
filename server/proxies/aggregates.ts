import { proxies, proxyNamed } from './index.ts';
import type { RankRule } from './rank-sum.ts';

/** A ranking made of several: the sum over its parts of the logarithms of the ranks they give, or of the ranks themselves. */
export interface ProxyAggregate {
  readonly name: string;
  readonly rule: RankRule;
  /** Names of proxies, at least two. */
  readonly parts: readonly string[];
  readonly source: string;
}

const aggregates: readonly ProxyAggregate[] = [
  {
    name: 'vkdnw_agg',
    rule: 'ln rank',
    parts: ['vkdnw_single', 'jacov', 'expressivity', 'trainability', 'macs'],
    source: 'Týbl and Neumann, CVPR 2025',
  },
  {
    name: 'az_nas',
    rule: 'ln rank',
    parts: ['expressivity', 'progressivity', 'trainability', 'macs'],
    source: 'Lee and Ham, CVPR 2024',
  },
  {
    name: 'te_nas',
    rule: 'rank',
    parts: ['ntk', 'linear_regions'],
    source: 'Chen et al., ICLR 2021',
  },
  {
    // Not of a paper: chosen by what it is worth beyond NAS-Bench-201 (docs/evaluation.md#a-robust-aggregate).
    name: 'robust_agg',
    rule: 'ln rank',
    parts: ['params', 'synflow', 'expressivity', 'jacov'],
    source: 'chosen by measurement (docs/evaluation.md)',
  },
];

/** The aggregates with a name all of whose parts are computed here. */
export const namedAggregates: readonly ProxyAggregate[] = aggregates.filter(({ parts }) =>
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
  return { name, rule: 'ln rank', parts: different, source: 'your own' };
}
