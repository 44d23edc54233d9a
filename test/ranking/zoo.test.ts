// Thirty published networks of two tasks in one ranking.
import { expect, test } from 'vitest';
import { detailText, rowText } from '../../client/ranking/texts.ts';
import { treeNodes } from '../../client/ranking/tree-nodes.ts';
import { familyOf } from '../../server/network/family.ts';
import { rankingCsv } from '../../server/ranking/csv.ts';
import type { RankingEntry } from '../../server/ranking/entry.ts';
import { rankEntries } from '../../server/ranking/ranking.ts';
import { taskOf, taskText } from '../../server/ranking/task.ts';
import { outlineOf } from '../../server/worth/outline.ts';
import { publishedNetworks, zooModel } from '../language/support/zoo.ts';
import { entry } from './support.ts';

/** Every state there is, in turn; the one that overflows in float32 has none. */
function entryOf(file: string, model: string, index: number): RankingEntry {
  const { network, totals } = zooModel(file, model);
  const sized = { model, file, ...totals, task: taskOf(network), family: familyOf(network) };
  const outline = outlineOf(network);
  const isQuick = index % 10 === 7;
  const scored = entry({
    ...sized,
    outline,
    vkdnw: 0.2 + index / 40,
    ...(isQuick ? ({ state: 'quick' } as const) : {}),
  });
  if (model === 'EfficientNetV2S')
    return {
      ...entry({ ...sized, outline, state: 'failed' }),
      reason: 'exploding',
      message: 'They explode.',
    };
  if (isQuick) return { ...scored, secondsToSettle: 170 };
  if (index % 10 === 8) return entry({ ...sized, outline, state: 'costly' });
  return scored;
}

const chosen = ['ImageNet 224', 'CIFAR-10'].flatMap((task) => {
  const all = publishedNetworks().filter((network) => network.task === task);
  const step = Math.max(1, Math.floor(all.length / 15));
  const some = all.filter((_, index) => index % step === 0).slice(0, 15);
  const wanted = all.find(({ model }) => model === 'EfficientNetV2S');
  return wanted === undefined || some.includes(wanted) ? some : [...some.slice(1), wanted];
});
const entries = chosen.map(({ file, model }, index) => entryOf(file, model, index));
const ranking = rankEntries(entries, 'single');

test('no rank is across tasks', () => {
  expect(entries.length).toBe(30);
  expect(new Set(entries.map(({ task }) => taskText(task!))).size).toBe(2);
  for (const { rows, tasks, size } of ranking.groups) {
    expect(tasks).toHaveLength(1);
    for (const { entry: model, of, tasks: within } of rows) {
      expect([taskText(model.task!)]).toEqual(tasks);
      expect(within).toEqual(tasks);
      expect(of).toBe(size);
    }
  }
});

test('no row is without a number or a reason, in the view as in CSV', () => {
  const nodes = treeNodes(ranking, 'flat').flatMap((node) =>
    node.kind === 'model' ? [node] : node.children,
  );
  expect(nodes).toHaveLength(30);
  for (const { row } of nodes) {
    const text = rowText(row, 'single');
    expect(text).toMatch(/\d+ \+ \d\.\d{3}|no score: \w+|scored on request/);
    if (row.entry.state === 'quick') expect(text).toMatch(/^≈ [^·]*\(quick\) · /);
    expect(detailText(row)).toContain(row.entry.family);
  }
  const [titles = '', ...lines] = rankingCsv(ranking).trimEnd().split('\r\n');
  const columns = titles.split(',');
  for (const line of lines) {
    const cells = line.split(',');
    const cell = (name: string) => cells[columns.indexOf(name)];
    if (cell('vkdnw') === '') expect(cell('reason')).toMatch(/^(exploding|costly)$/);
    else expect(cell('rank_best')).not.toBe('');
    expect(cell('task')).not.toBe('');
    expect(cell('family')).not.toBe('');
  }
});

test('what overflows has its reason, never 0.000', () => {
  const row = ranking.rest.find(({ entry: { model } }) => model === 'EfficientNetV2S')!;
  expect(rowText(row, 'single')).toMatch(/^no score: logits or gradients explode · /);
  expect(detailText(row)).not.toContain('0.000');
});

test('across families the order is said to be no evidence', () => {
  for (const node of treeNodes(ranking, 'flat'))
    if (node.kind === 'comparable') expect(node.trust?.join('\n')).toMatch(/^Different families/m);
});
