import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detailText } from '../../../../client/ranking/texts.ts';
import { scoredModel } from '../../../../server/cli/scored-model.ts';
import { Project } from '../../../../server/language/project.ts';
import { lensText } from '../../../../server/lsp/features/lenses/lens-text.ts';
import { scoreDetails } from '../../../../server/lsp/features/scores/score-page.ts';
import { rankEntries } from '../../../../server/ranking/ranking.ts';
import { namedSettings } from '../../../../server/score/settings.ts';
import type { Score, ScoreSettings } from '../../../../server/score/types.ts';
import { modelScore } from '../../../../server/scoring/model-score.ts';

const uri = 'file:///resnet20.arch';
const file = join(import.meta.dirname, '../../../../examples/resnet20.arch');
const model = new Project({ read: () => readFileSync(file, 'utf8') }).analyse(uri).models[0]!;

/** All that is said of a score under some settings: its page, its lens, its row of the ranking. */
function texts(change: Partial<ScoreSettings>): Readonly<Record<'page' | 'tooltip' | 'row', string>> {
  const settings = { ...namedSettings.settled, ...change };
  const score: Score = {
    state: 'ok',
    vkdnw: 1.2,
    single: model.totals!.layers + 1.2,
    ...model.totals!,
    eigenvalues: [0.1, 0.2],
    deciles: Array.from({ length: settings.norm === 'released-mbv2' ? 11 : 9 }, (_, index) => 1 + index),
    contributions: [],
    seeds: [],
    settings,
    engine: { name: 'onnx-cpu', device: 'CPU', version: 'onnxruntime-node 1.30.0', threads: 2 },
    milliseconds: 2310,
    key: 'k',
  };
  const shown = modelScore(model.name, {
    text: { kind: 'network', network: model.network!, totals: model.totals!, digest: 'd' },
    known: { outcome: score, digest: 'd', setting: 'settled', seeds: 4, complete: true },
    work: 'none',
  });
  const scored = scoredModel({ id: 'id', uri, file: 'resnet20.arch', model: model.name, line: 0 }, score);
  return {
    page: scoreDetails(shown).markdown,
    tooltip: lensText(shown).tooltip,
    row: detailText(rankEntries([scored], 'single').groups[0]!.rows[0]!),
  };
}

/** Without what keeps characters from being marks of Markdown, and with plain blanks. */
const readable = (text: string): string =>
  text.replaceAll('\\', '').replaceAll(/[ \u00a0\u2000-\u200b\u2060]+/g, ' ');

test('what the named settings have is said on the page alone', () => {
  const { page, tooltip, row } = texts({});
  expect(readable(page)).toMatch(/Norm \| evaluation mode at initialisation/);
  expect(readable(page)).toMatch(/Weights P \| the first 128 tensors/);
  expect(`${tooltip}${row}`).not.toMatch(/norms|tensors (?:evenly|at random|spread)/);
});

test('other norms and tensors are said wherever the settings are', () => {
  const { page, tooltip, row } = texts({ norm: 'calibrated', tensors: 'spread' });
  expect(readable(page)).toMatch(/Norm \| frozen at the statistics of the random input/);
  expect(readable(page)).toMatch(/Weights P \| 128 tensors evenly spread over the depth/);
  for (const text of [tooltip, readable(row)])
    expect(text).toContain("norms calibrated (not the paper's), tensors spread");
});

test('with the norms of the released code there are eleven quantiles', () => {
  const { page, tooltip } = texts({ norm: 'released-mbv2', tensors: 'random' });
  expect(readable(page)).toMatch(/## Quantiles of the spectrum\n\nλ at 0 … 1 of/);
  expect(readable(page).match(/^\| (?:0|0\.\d|1) \|/gm)).toHaveLength(11);
  expect(tooltip).toContain('of 2.398, the entropy of equal quantiles');
  expect(readable(texts({}).page).match(/^\| 0\.\d \|/gm)).toHaveLength(9);
});
