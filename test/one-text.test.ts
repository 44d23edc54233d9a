// One number has one text, wherever a user meets it.
import { globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { detailText, rowText } from '../client/ranking/texts.ts';
import { sameUri } from '../server/base/uris.ts';
import { scoreTable, columns } from '../server/cli/reports/score-table.ts';
import { rankingLines } from '../server/cli/reports/rank-report.ts';
import { scoredModel } from '../server/cli/scored-model.ts';
import { Project } from '../server/language/project.ts';
import { totalsText } from '../server/lsp/features/hover/declaration.ts';
import { lensText } from '../server/lsp/features/lenses/lens-text.ts';
import { scoreDetails } from '../server/lsp/features/scores/score-page.ts';
import { sheetFile } from '../server/plot/sheet.ts';
import { rankEntries } from '../server/ranking/ranking.ts';
import { taskOf } from '../server/ranking/task.ts';
import { namedSettings } from '../server/score/settings.ts';
import type { Score } from '../server/score/types.ts';
import { modelScore } from '../server/scoring/model-score.ts';
import { costText } from '../server/search/wording.ts';
import { picture } from './plot/support/pictures.ts';

const root = resolve(import.meta.dirname, '..');
const path = join(root, 'examples', 'resnet20.arch');
const uri = sameUri(pathToFileURL(path).href);
const project = new Project({ read: (wanted) => (wanted === uri ? readFileSync(path, 'utf8') : undefined) });
const model = project.analyse(uri).models[0]!;
const network = model.network!;
const totals = model.totals!;
const engine = { name: 'onnx-cpu', device: 'CPU', version: 'onnxruntime-node 1.30.0', threads: 2 };
const score: Score = {
  state: 'ok',
  vkdnw: 1.23449,
  vkdnwSe: 0.0117,
  single: totals.layers + 1.23449,
  ...totals,
  eigenvalues: [0.1, 0.2],
  deciles: Array.from({ length: 9 }, (_, index) => 1 + index),
  contributions: [],
  seeds: [],
  settings: namedSettings.settled,
  engine,
  milliseconds: 2310,
  key: 'k',
};

const shown = modelScore(model.name, {
  text: { kind: 'network', network, totals, digest: 'd' },
  known: { outcome: score, digest: 'd', setting: 'settled', seeds: 4, complete: true },
  work: 'none',
});
const place = { id: 'id', uri, file: 'resnet20.arch', model: model.name, line: 0, task: taskOf(network) };
const scored = scoredModel(place, score);
const ranking = rankEntries([scored], 'single');
const row = ranking.groups[0]!.rows[0]!;
const { vkdnw, vkdnwSe: se, single, layers, params, macs } = score;
const drawn = picture({ vkdnw: { value: vkdnw, se: se! }, single, layers, params, macs });

/** Markdown without what keeps its characters from being marks. */
function readable(text: string): string {
  return text.replaceAll('\\', '').replaceAll(/&nbsp;|\u00a0/g, ' ');
}

const counts = ['0.27 M', '40.8 M'];
const vkdnwText = '1.234 ± 0.012';
const singleText = '22 layers + 1.234 ± 0.012';
const taskText = '32×32×3 → 10';

test.each([
  ['the lens', lensText(shown).title, [vkdnwText]],
  ['its tooltip', lensText(shown).tooltip, [...counts, singleText]],
  ['the hover of a model', totalsText(model)!, counts],
  ['the page of a score', scoreDetails(shown).markdown, [...counts, vkdnwText, singleText, '2.3 s']],
  [
    'the table of score',
    scoreTable([scored], Object.values(columns)).join('\n'),
    [...counts, vkdnwText, singleText, '2.3 s'],
  ],
  ['the table of rank', rankingLines(ranking).join('\n'), [...counts, vkdnwText, singleText, taskText]],
  // Where there is little room, without the word.
  ['a row of the tree', rowText(row, 'single'), [...counts, singleText.replace(' layers', '')]],
  ['the tooltip of the tree', detailText(row), [vkdnwText, singleText, taskText]],
  ['an exported picture', sheetFile([{ name: 'A', picture: drawn }]), [...counts, vkdnwText, singleText]],
  ['the wording of what-if', costText({ layers: 0, params: 0, macs: 0 }, totals), counts],
])('%s', (_, text, expected) => {
  expect(expected.filter((each) => !readable(text).includes(each))).toEqual([]);
});

/** Files that write a number of another kind, or none for people. */
const exceptions = new Map([
  ['server/base/quantities.ts', 'the texts themselves'],
  ['server/cli/fixture/check-fixture.ts', 'errors of a comparison'],
  ['server/cli/terminal.ts', 'how far a bar is'],
  ['server/evaluation/report.ts', 'accuracies as their table has them'],
  ['server/language/values/evaluate.ts', 'a value of the language'],
  ['server/language/values/values.ts', 'a value of the language'],
  ['server/plot/evaluation-figure.ts', 'ticks of an axis'],
  ['server/plot/reading.ts', 'ratios'],
  ['server/plot/scatter-figure.ts', 'ticks of an axis'],
  ['server/plot/strip-figure.ts', 'coordinates'],
]);

test('no other file makes texts of numbers', () => {
  const own = ['server', 'client']
    .flatMap((folder) => globSync(join(root, folder, '**', '*.{ts,tsx}')))
    .filter((file) =>
      /\.to(?:Fixed|Precision|Exponential|LocaleString)\(|NumberFormat/.test(readFileSync(file, 'utf8')),
    )
    .map((file) => relative(root, file).replaceAll('\\', '/'));
  expect(own.toSorted()).toEqual([...exceptions.keys()].toSorted());
});
