import { describe, expect, it } from 'vitest';
import { detailText, extraTip, messageText, rowText } from '../../../client/ranking/texts.ts';
import { pointsOf } from '../../../client/ranking/page/points.ts';
import { treeNodes } from '../../../client/ranking/tree-nodes.ts';
import { firstState, readState } from '../../../client/ranking/view-state.ts';
import { columnOf } from '../../../server/proxies/column-spec.ts';
import { columnNamed } from '../../../server/proxies/ranking-columns.ts';
import { rankEntries } from '../../../server/ranking/ranking.ts';
import { namedSettings } from '../../../server/score/settings.ts';
import { entry, large } from '../../ranking/support.ts';

const entries = [
  entry({ model: 'A', vkdnw: 1.5, file: 'one.arch' }),
  entry({ model: 'B', vkdnw: 1.8, file: 'two.arch' }),
  entry({ model: 'C', state: 'invalid', file: 'one.arch' }),
];

function outline(grouping: 'flat' | 'file', list = entries): string[] {
  return treeNodes(rankEntries(list, 'single'), grouping).flatMap((node) =>
    node.kind === 'model'
      ? [node.row.entry.model]
      : [`${node.label}: ${node.description}`, ...node.children.map(({ row }) => `  ${row.entry.model}`)],
  );
}

describe('the tree of architectures', () => {
  it('is a list, the best first', () => {
    expect(outline('flat')).toEqual(['B', 'A', 'C']);
  });

  it('is grouped by file, each where its best model stands', () => {
    expect(outline('file')).toEqual([
      'two.arch: 1 model',
      '  B',
      'one.arch: 2 models · 1 error',
      '  A',
      '  C',
    ]);
  });

  it('keeps models of different settings apart', () => {
    const other = entry({ model: 'D', vkdnw: 2, settings: namedSettings.live });
    expect(outline('flat', [...entries, other]).map((line) => line.replace(/: .*/, ''))).toEqual([
      'settled',
      '  B',
      '  A',
      'live',
      '  D',
      'C',
    ]);
  });

  it('keeps models of different tasks apart, and names the tasks', () => {
    const other = entry({ model: 'D', vkdnw: 2, task: large });
    const list = [...entries, other];
    expect(outline('flat', list).map((line) => line.replace(/: .*/, ''))).toEqual([
      '32×32×3 → 10',
      '  B',
      '  A',
      '224×224×3 → 1000',
      '  D',
      'C',
    ]);
    const shown = (grouping: 'flat' | 'file', mergeTasks: boolean): Record<string, boolean> => {
      const nodes = treeNodes(rankEntries(list, 'single', {}, [], { mergeTasks }), grouping);
      const models = nodes.flatMap((node) => (node.kind === 'model' ? [node] : node.children));
      return Object.fromEntries(models.map(({ row, showTask }) => [row.entry.model, showTask]));
    };
    // What the group says the rows need not say.
    expect(shown('flat', false)).toEqual({ A: false, B: false, C: true, D: false });
    expect(shown('file', false)).toEqual({ A: true, B: true, C: true, D: true });
    expect(shown('flat', true)).toEqual({ A: true, B: true, C: true, D: true });
  });

  it('leads from a model to its group', () => {
    const [file] = treeNodes(rankEntries(entries, 'single'), 'file');
    expect(file?.kind === 'file' && file.children[0]?.parent).toBe(file);
  });
});

describe('what the view says', () => {
  const idle = { state: 'idle', done: 3, total: 3, computed: 2 } as const;

  it('is the measure that ranks, with the size', () => {
    const ranking = rankEntries(entries, 'vkdnw');
    const [first] = ranking.groups[0]!.rows;
    expect(rowText(first!, 'vkdnw')).toBe('1.800 ± 0.010 · 1 K params · 1 M MACs');
    expect(rowText(first!, 'single')).toBe('10 + 1.800 ± 0.010 · 1 K params · 1 M MACs');
  });

  it('has the columns that were asked for, the one that orders first', () => {
    const proxies = { values: { naswot: 792.64 }, failed: { synflow: 'unsupported: …' }, made: '' };
    const rows = [{ ...entries[0]!, proxies }, entries[1]!];
    const columns = ['synflow', 'naswot'].map((name) => columnOf(columnNamed(name)));
    const { groups, extras } = rankEntries(rows, 'proxy:naswot', {}, columns);
    const texts = groups[0]!.rows.map((row) => rowText(row, 'single', extras, { sortedBy: 'naswot' }));
    expect(texts).toEqual([
      'naswot 792.64 · 10 + 1.500 ± 0.010 · synflow – · 1 K params · 1 M MACs',
      'naswot … · 10 + 1.800 ± 0.010 · synflow … · 1 K params · 1 M MACs',
    ]);
  });

  it('has – where no value will come, and … only while it is computed', () => {
    const failed = { ntk: 'unsupported: …', linear_regions: 'not-applicable: …' };
    const rows = [
      { ...entries[0]!, proxies: { values: {}, failed, made: '' } },
      entries[1]!,
      entry({ model: 'Q', vkdnw: 1.2, state: 'quick', settledSeeds: 4 }),
    ];
    const { groups, extras } = rankEntries(rows, 'single', {}, [columnOf(columnNamed('te_nas'))]);
    const shown = groups[0]!.rows.map((row) => [row.entry.model, rowText(row, 'single', extras)]);
    expect(shown).toEqual([
      ['B', '10 + 1.800 ± 0.010 · te_nas … · 1 K params · 1 M MACs'],
      ['A', '10 + 1.500 ± 0.010 · te_nas – · 1 K params · 1 M MACs'],
      ['Q', '≈ 10 + 1.200 ± 0.010 (quick) · te_nas – · 1 K params · 1 M MACs'],
    ]);
    const tips = groups[0]!.rows.map((row) => extraTip(row, extras[0]!));
    expect(tips[1]).toContain('No te_nas: no ntk, linear_regions');
    expect(tips[2]).toBe('No te_nas: not computed before the score has settled');
  });

  it('says once that a score is quick, and what computes the rest', () => {
    const quick = entry({ model: 'Q', vkdnw: 1.2, state: 'quick', settledSeeds: 4 });
    const [group] = rankEntries([quick], 'single').groups;
    const text = detailText(group!.rows[0]!);
    expect(text.match(/Quick: /g)).toHaveLength(1);
    expect(text).toContain('*Score Again* computes the rest, in about 1 min.');
    expect(pointsOf(group!, 'single', 'macs').map(({ marked }) => marked)).toEqual(['quick']);
  });

  it('names the task where no group does', () => {
    const [first] = rankEntries(entries, 'single').groups[0]!.rows;
    expect(rowText(first!, 'single', [], { showTask: true })).toBe(
      '10 + 1.800 ± 0.010 · 32×32×3 → 10 · 1 K params · 1 M MACs',
    );
  });

  it('has the reason where there is no score', () => {
    const message = 'A run took longer than 60 s.';
    const failed = { ...entry({ model: 'A', state: 'failed' }), reason: 'time-limit', message } as const;
    expect(rowText({ entry: failed }, 'single')).toBe('no score: time limit reached · 1 K params · 1 M MACs');
    expect(detailText({ entry: failed }).replaceAll('\\', '')).toContain(
      'Time limit reached. A run took longer than 60 s.',
    );
    const waiting = entry({ model: 'A' });
    expect(detailText({ entry: waiting }).replaceAll('\\', '')).toContain('It waits for its turn.');
  });

  it('says of tasks whether they are apart or merged', () => {
    const list = [...entries, entry({ model: 'D', vkdnw: 2, task: large })];
    const said = (mergeTasks: boolean): string =>
      messageText(rankEntries(list, 'single', {}, [], { mergeTasks }), idle, {}, list);
    expect(said(false)).toBe('Tasks are ranked apart.');
    expect(said(true)).toMatch(/^Tasks are merged: .* no rivals\.$/);
    const filter = { task: '224×224×3 → 1000' };
    expect(messageText(rankEntries(list, 'single', filter), idle, filter, list)).toBe(
      'Only 224×224×3 → 1000: 3 hidden.',
    );
    const [row] = rankEntries(list, 'single', {}, [], { mergeTasks: true }).groups[0]!.rows;
    expect(detailText(row!)).toMatch(/Tasks are merged/);
  });

  it('is nothing when all is said by the rows', () => {
    expect(messageText(rankEntries(entries, 'single'), idle, {}, entries)).toBe('');
  });

  it('is what narrows and orders the list', () => {
    const filter = { maxParams: 500, text: 'one' };
    const message = messageText(rankEntries(entries, 'macs', filter), idle, filter, entries);
    expect(message).toBe('Only “one”, ≤ 500 params: 3 hidden. By MACs, fewest first.');
  });

  it('is how far the ranking is, and what to do where it was not started', () => {
    const scoring = { ...idle, state: 'scoring', done: 1, current: 'A' } as const;
    expect(messageText(rankEntries(entries, 'single'), scoring, {}, entries)).toBe('Scored 1 of 3, now A.');
    const measuring = { ...idle, state: 'measuring', current: 'A' } as const;
    expect(messageText(rankEntries(entries, 'single'), measuring, {}, entries)).toBe(
      'Computing columns, now A.',
    );
    const unscored = [entry({ model: 'A', state: 'unscored' })];
    expect(messageText(rankEntries(unscored, 'single'), { ...idle, state: 'stopped' }, {}, unscored)).toBe(
      '1 model has no score yet: press ▷ to rank.',
    );
  });
});

describe('how the ranking is looked at', () => {
  it('is read back, unless it is of another version', () => {
    const state = {
      ...firstState,
      sort: 'macs',
      filter: { maxMacs: 1e6, task: '16 → 2' },
      mergeTasks: true,
      active: true,
    } as const;
    expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(readState({ sort: 'colour' })).toEqual(firstState);
    expect(readState(undefined)).toEqual(firstState);
  });
});
