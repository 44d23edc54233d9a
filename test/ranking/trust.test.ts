import { describe, expect, test } from 'vitest';
import { comparisonsAmong, comparisonsWith, familiesOf } from '../../server/ranking/comparisons.ts';
import { rankEntries } from '../../server/ranking/ranking.ts';
import {
  betterScore,
  betterWhere,
  judgedScore,
  otherwiseMade,
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
import { treeNodes } from '../../client/ranking/tree-nodes.ts';
import { standingOf } from '../../server/lsp/features/lenses/standing.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { entry, large } from './support.ts';

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

  test('is said to have been measured of scores that were made otherwise', () => {
    const { live, settled, paper } = namedSettings;
    for (const alike of [live, settled, { ...settled, seeds: 1, seed: 7, indexSets: 4 }])
      expect(otherwiseMade(alike)).toBeUndefined();
    const others = [
      paper,
      { ...settled, norm: 'calibrated' },
      { ...settled, tensors: 'spread' },
      { ...settled, samples: 32 },
    ] as const;
    for (const other of others) expect(otherwiseMade(other)).toMatch(/^Measured with sketch:1, N 64, .*\.$/);
  });

  test('with other settings says so above a ranking and in the tooltip of a lens', () => {
    const settings = { ...namedSettings.settled, norm: 'calibrated' } as const;
    const made = (own: ScoreSettings) =>
      resNets.map((each) => ({ ...each, score: { ...each.score!, settings: own } }));
    const said = (own: ScoreSettings) => {
      // Another group, so that groups are nodes.
      const other = { ...mobileNets[0]!, task: large };
      const ranking = rankEntries([...made(own), other], 'single');
      const [row] = ranking.groups[0]!.rows;
      const [node] = treeNodes(ranking, 'flat');
      return [standingOf(row!, made(own))!.trust, node?.kind === 'comparable' ? node.trust! : []];
    };
    for (const lines of said(settings)) expect(lines.at(-1)).toBe(otherwiseMade(settings));
    for (const lines of said(namedSettings.settled)) expect(lines.at(-1)).toMatch(/^Different depth: /);
  });

  test('names for what a score is better where it is not for all that is compared', () => {
    const family = { kind: 'family', share: 0.6 } as const;
    const mixed = [family, { kind: 'depth', share: 0.4 } as const];
    const found = betterScore(mixed, 'vkdnw_single')!;
    expect(better('depth', 'vkdnw_single').map(({ metric }) => metric)).not.toContain(found);
    expect(betterWhere(mixed, 'vkdnw_single', found)).toBe(' (different families)');
    expect(betterWhere([family], 'vkdnw_single', found)).toBe('');
  });

  test('of the aggregate of a ranking was not measured', () => {
    expect(judgedScore('aggregate')).toBeUndefined();
  });
});
