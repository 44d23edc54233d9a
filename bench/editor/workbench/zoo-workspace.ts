// node bench/editor/workbench/zoo-workspace.ts [--pictures FOLDER] [--store FOLDER] [--cost-limit N]: ranks thirty published networks of two tasks in
// the real editor, takes pictures of view, leaderboard, lenses and panel, and prints what of it is wrong.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import type { FrameLocator, Page } from 'playwright-core';
import { root } from '../../../scripts/node24.mjs';
import { onlyModels } from './only-models.ts';
import { openFile, runCommand, withWorkbench } from './window.ts';

/** By file of the zoo: half for 32 × 32 images and 10 classes, half for 224 × 224 and 1,000. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  'resnet-cifar.arch': [
    'ResNet20A',
    'ResNet56A',
    'ResNet110A',
    'ResNet20B',
    'SEResNet20',
    'ResNet18Cifar',
    'ResNeXt29',
  ],
  'preresnet-cifar.arch': ['PreResNet20', 'PreResNet56', 'PreResNet164', 'WRN16x10'],
  'ror-cifar.arch': ['RoR3x56'],
  'nasbench201.arch': ['Nb201Cifar10'],
  'vgg.arch': ['VGG16Cifar', 'VGG11BN'],
  'densenet.arch': ['DenseNetBC100', 'DenseNet121'],
  'alexnet.arch': ['AlexNet'],
  'efficientnet.arch': ['EfficientNetB0'],
  'efficientnetv2.arch': ['EfficientNetV2S'],
  'mnasnet.arch': ['MnasNet100'],
  'mobilenetv1.arch': ['MobileNet100'],
  'mobilenetv2.arch': ['MobileNetV2'],
  'mobilenetv3.arch': ['MobileNetV3Large'],
  'regnet.arch': ['RegNetX400MF', 'RegNetY400MF'],
  'resnet.arch': ['ResNet18', 'ResNet50'],
  'squeezenet.arch': ['SqueezeNet11'],
  'vit.arch': ['DeiTTi'],
};

/** Milliseconds that the ranking may take. */
const longest = 3_600_000;

const themes = { dark: ['Dark Modern', 'vs-dark'], light: ['Light Modern', 'vs'] } as const;

async function main(): Promise<void> {
  const { pictures, store, costLimit } = new Command('zoo-workspace')
    .option('--pictures <folder>', 'where the pictures go', 'test-results/zoo')
    .option('--store <folder>', 'keeps scores there; they are not computed again')
    .option('--cost-limit <billions>', 'of multiply-accumulates: archlens.score.costLimit', Number)
    .parse()
    .opts<{ pictures: string; store?: string; costLimit?: number }>();
  mkdirSync(pictures, { recursive: true });
  const zoo = join(root, 'examples/zoo');
  const fill = (workspace: string): void => {
    mkdirSync(join(workspace, 'zoo'));
    for (const [file, models] of Object.entries(chosen)) {
      const text = readFileSync(join(zoo, file), 'utf8');
      writeFileSync(join(workspace, 'zoo', file), onlyModels(text, models));
    }
  };
  const options = {
    fill,
    ...(costLimit === undefined ? {} : { settings: { 'archlens.score.costLimit': costLimit } }),
    ...(store === undefined ? {} : { store }),
  };
  await withWorkbench(options, async (page, workspace) => {
    const theme = async (name: keyof typeof themes): Promise<void> => {
      const [title, mark] = themes[name];
      mkdirSync(join(workspace, '.vscode'), { recursive: true });
      const settings = JSON.stringify({ 'workbench.colorTheme': title });
      writeFileSync(join(workspace, '.vscode/settings.json'), settings);
      await page.locator(`.monaco-workbench.${mark}`).waitFor();
      await page.waitForTimeout(1000);
    };
    const picture = async (name: string): Promise<void> => {
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    };
    await page.getByRole('tab', { name: /^Archlens/ }).click();
    await runCommand(page, 'Archlens: Rank Workspace');
    await runCommand(page, 'Archlens: Show Leaderboard');
    const board = webview(page);
    await ranked(page, board);
    for (const problem of [...(await leaderboardProblems(board)), ...(await viewProblems(page))])
      process.stdout.write(`${problem}\n`);
    for (const name of ['dark', 'light'] as const) {
      await theme(name);
      await picture(`leaderboard-${name}`);
      for (const [index, section] of (await board.locator('section').all()).entries()) {
        await section.locator('h2').scrollIntoViewIfNeeded();
        await section.locator('table').scrollIntoViewIfNeeded();
        await picture(`leaderboard-${name}-${index + 1}`);
      }
      await board.locator('h1').scrollIntoViewIfNeeded();
    }
    // A leaderboard that has half of the window, and lenses that have the other half.
    await page.locator('.pane-body .monaco-list-row', { hasText: 'ResNet50' }).first().click();
    await page.locator('.tab.active[data-resource-name="resnet.arch"]').waitFor();
    await page.waitForTimeout(3000);
    for (const name of ['light', 'dark'] as const) {
      await theme(name);
      await page.setViewportSize({ width: 1600, height: 1000 });
      await page.waitForTimeout(1000);
      await picture(`half-${name}`);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.waitForTimeout(1000);
      await picture(`half-narrow-${name}`);
    }
    for (const file of ['efficientnetv2.arch', 'resnet-cifar.arch']) {
      await openFile(page, file);
      await page.keyboard.press('Control+End');
      await page.waitForTimeout(8000);
      await picture(`lenses-${file.replace('.arch', '')}`);
    }
  });
}

function webview(page: Page): FrameLocator {
  return page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
}

/** Waits until every model has a score, a quick one, or a reason. */
async function ranked(page: Page, board: FrameLocator): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const status = await board.locator('.status').innerText();
    process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0)} s: ${status}\n`);
    if (!/^(scored|reading)/.test(status)) return;
    if (performance.now() - begun > longest) throw new Error('The ranking takes too long.');
    await page.waitForTimeout(10_000);
  }
}

async function leaderboardProblems(board: FrameLocator): Promise<string[]> {
  const sections = await board.locator('section').evaluateAll((all) =>
    all.map((section) => ({
      title: section.querySelector('h2')?.textContent ?? '',
      note: section.querySelector('.note')?.textContent ?? '',
      rows: Array.from(section.querySelectorAll('tbody tr'), (row) => ({
        model: row.querySelector('.link')?.textContent ?? '',
        cells: Array.from(row.querySelectorAll('td'), (cell) => ({
          text: cell.textContent.trim(),
          tip: cell.getAttribute('title') ?? '',
        })),
      })),
    })),
  );
  const problems: string[] = [];
  for (const { title, rows } of sections) {
    process.stdout.write(`\n${title}\n`);
    for (const { model, cells } of rows) {
      process.stdout.write(`${model}: ${cells.map(({ text }) => text).join(' | ')}\n`);
      if (cells.some(({ text, tip }) => (text === '' || text === '–') && tip === ''))
        problems.push(`${model}: a cell is empty, and nothing says why`);
      if (cells.some(({ text }) => /(^|[^\d.])0\.000$/.test(text))) problems.push(`${model}: 0.000`);
      if (title === 'Without a score') continue;
      const worst = Math.max(...(cells[0]?.text.match(/\d+/g) ?? []).map(Number));
      if (!(worst <= rows.length)) problems.push(`${model}: rank ${cells[0]?.text ?? ''} of ${rows.length}`);
    }
  }
  const models = sections.flatMap(({ rows }) => rows).length;
  const asked = Object.values(chosen).flat().length;
  if (models !== asked) problems.push(`${models} models of ${asked}`);
  return problems;
}

async function viewProblems(page: Page): Promise<string[]> {
  const rows = await page
    .locator('.pane-body [role="treeitem"]')
    .evaluateAll((items) => items.map((item) => item.getAttribute('aria-label') ?? ''));
  process.stdout.write(`\nThe view\n${rows.join('\n')}\n`);
  return rows.filter((row) => /\b0\.000 ±/.test(row)).map((row) => `${row}: 0.000`);
}

await main();
