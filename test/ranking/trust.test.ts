import { describe, expect, test } from 'vitest';
import { comparisonsAmong, comparisonsWith, familiesOf } from '../../server/ranking/comparisons.ts';
import { rankEntries } from '../../server/ranking/ranking.ts';
import {
  betterScore,
  judgedScore,
  poorKinds,
  trustLines,
  trustWarning,
  worthlessKinds,
} from '../../server/ranking/trust.ts';
import { columnNamed } from '../../server/proxies/ranking-columns.ts';
import {
  better,
  comparisonTexts,
  verdictOf,
  worthOfMetric,
  type ComparisonKind,
} from '../../server/worth/worth.ts';
import { familyOf } from '../../server/network/family.ts';
import { outlineOf } from '../../server/worth/outline.ts';
import { zooModel } from '../language/support/zoo.ts';
import { entry } from './support.ts';

function zoo(file: string, model: string) {
  const { network } = zooModel(file, model);
  return entry({ model, vkdnw: 1, family: familyOf(network), outline: outlineOf(network) });
}

const mobileNets = ['MobileNet025', 'MobileNet050', 'MobileNet075'].map((model) =>
  zoo('mobilenetv1.arch', model),
);
const resNets = ['ResNet18', 'ResNet34'].map((model) => zoo('resnet.arch', model));

describe('what models of a ranking differ in', () => {
  test('is found for every pair', () => {
    expect(comparisonsAmong(mobileNets)).toEqual([{ kind: 'width', share: 1 }]);
    // Three pairs of one family, six across, one of the other.
    expect(comparisonsAmong([...mobileNets, ...resNets])).toEqual([
      { kind: 'family', share: 0.6 },
      { kind: 'width', share: 0.3 },
      { kind: 'depth', share: 0.1 },
    ]);
  });

  test('is found from one model to the others', () => {
    expect(comparisonsWith(resNets[0]!, [...mobileNets, ...resNets])).toEqual([
      { kind: 'family', share: 0.75 },
      { kind: 'depth', share: 0.25 },
    ]);
  });

  test('of many models is found from some of all', () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      ...(index < 200 ? mobileNets[0]! : resNets[0]!),
      id: String(index),
    }));
    const [first] = comparisonsAmong(many);
    expect(first?.kind).toBe('family');
    expect(first?.share).toBeCloseTo(0.5, 1);
  });

  test('is nothing without a network, or without another model', () => {
    expect(comparisonsAmong([entry({ model: 'A' }), entry({ model: 'B' })])).toEqual([]);
    expect(comparisonsAmong([resNets[0]!])).toEqual([]);
  });

  test('names families once, in order', () => {
    expect(familiesOf([...resNets, ...mobileNets])).toEqual(['plain depthwise', 'residual conv']);
  });

  test('is of those that compete', () => {
    const all = [...mobileNets, ...resNets];
    const [group] = rankEntries(all, 'single', { family: 'residual conv' }).groups;
    expect(group?.comparisons).toEqual([{ kind: 'depth', share: 1 }]);
    expect(group?.size).toBe(2);
  });
});

describe('what an order is worth', () => {
  const kinds = Object.keys(comparisonTexts) as ComparisonKind[];

  test.each(kinds)('%s: is said with its interval beside the counts, as measured', (kind) => {
    for (const score of ['vkdnw_single', 'vkdnw'] as const) {
      const [line = '', ...others] = trustLines([{ kind, share: 1 }], score);
      expect(others).toEqual([]);
      expect(line.toLowerCase()).toContain(comparisonTexts[kind]);
      const worth = worthOfMetric(kind, score);
      if (worth === undefined) expect(line).toContain('was not measured');
      else expect(line).toMatch(/τ −?[.\d]+ \[−?[.\d]+, −?[.\d]+\]/);
      if (worthOfMetric(kind, 'macs') !== undefined) expect(line).toMatch(/MACs −?\.\d{3}/);
      if (verdictOf(kind, score) === 'misleads') expect(line).toContain('the wrong way round');
    }
  });

  test.each(kinds)('%s: nothing that says nothing or misleads goes without a warning', (kind) => {
    for (const score of ['vkdnw_single', 'vkdnw'] as const) {
      const poor = poorKinds([{ kind, share: 1 }], score);
      const orders = verdictOf(kind, score) === 'orders';
      expect(worthlessKinds([{ kind, share: 1 }], score)).toEqual(orders ? [] : [kind]);
      if (orders) continue;
      expect(poor).toEqual([kind]);
      expect(trustWarning([{ kind, share: 1 }], score)).toBeDefined();
    }
  });

  test('between widths is nothing to go by, and something better is known', () => {
    const comparisons = comparisonsAmong(mobileNets);
    expect(trustWarning(comparisons, 'vkdnw')).toMatch(/^Different width: VKDNW .*\.$/);
    const found = betterScore(comparisons, 'vkdnw');
    expect(better('width', 'vkdnw').map(({ metric }) => metric)).toContain(found);
    expect(columnNamed(found!).name).toBe(found);
  });

  test('a few pairs of a kind decide nothing', () => {
    const comparisons = [
      { kind: 'ops', share: 0.95 },
      { kind: 'width', share: 0.05 },
    ] as const;
    expect(trustLines(comparisons, 'vkdnw_single')).toHaveLength(1);
    expect(poorKinds(comparisons, 'vkdnw_single')).not.toContain('width');
  });

  test('of the aggregate of a ranking was not measured', () => {
    expect(judgedScore('aggregate')).toBeUndefined();
  });
});
