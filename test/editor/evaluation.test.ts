// "Evaluate Proxies on a Benchmark…": the questions, the panel, cancel and going on.
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { violations } from './accessibility.ts';
import { Editor } from './harness.ts';

let editor: Editor;

const ops = ['nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3', 'skip_connect'];

/** Made-up accuracies of networks that differ in two edges. */
const table = [
  'genotype,accuracy',
  ...ops.flatMap((a, i) =>
    ops.map(
      (b, j) =>
        `|${a}~0|+|none~0|${b}~1|+|skip_connect~0|none~1|nor_conv_1x1~2|,${(94 - 3 * Math.abs(i - 1) - 2 * Math.abs(j - 1) - 0.1 * i * j).toFixed(2)}`,
    ),
  ),
].join('\n');

beforeAll(async () => {
  editor = await Editor.connect();
  editor.write('benchmark.csv', `${table}\n`);
  editor.write('scores.csv', 'net,mine,accuracy\na,1,60\nb,2,75\nc,3,70\nd,4,90\n');
});

/** Something in the panel. */
function page(selector: string, options: { readonly hasText?: string | RegExp } = {}): Locator {
  return editor.webview().locator(selector, options);
}

/** Takes a row of the question that is on the screen. */
async function pick(title: RegExp, label: string): Promise<void> {
  const widget = editor.page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: title }).waitFor();
  await widget.locator('.monaco-list-row', { hasText: label }).first().click();
}

/** Confirms a question with several answers, with those that are marked. */
async function confirm(title: RegExp): Promise<void> {
  const widget = editor.page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: title }).waitFor();
  await widget.locator('.monaco-list-row').first().waitFor();
  // The focus may still be on its way to the question.
  await widget.locator('input[type="text"]').first().press('Enter');
}

describe('an evaluation in the editor', () => {
  test('asks for table, accuracy, proxies and data set, and shows metrics and pictures', async () => {
    await editor.command('Archlens: Evaluate Proxies on a Benchmark…');
    await pick(/1\/4/, 'benchmark.csv');
    await pick(/2\/4/, 'accuracy');
    await editor.page.locator('.quick-input-title', { hasText: /3\/4/ }).waitFor();
    await editor.screenshot('evaluation-question');
    await confirm(/3\/4/);
    await pick(/4\/4/, 'ImageNet16-120');
    await page('header [role="status"]', { hasText: /of 16 networks|Starting|done/ }).waitFor();
    await editor.screenshot('evaluation-running');
    await page('[data-figure="evaluation"] svg').waitFor({ timeout: 300_000 });
    expect(await page('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset['score']))).toEqual(
      expect.arrayContaining(['params', 'macs', 'layers', 'vkdnw_single']),
    );
    await expect.poll(() => page('section.notes').innerText()).toMatch(/16 networks of benchmark\.csv/);
    const point = page('circle[data-network]').first();
    await point.click();
    await expect.poll(() => page('figcaption').innerText()).toMatch(/^\|.*\| · accuracy \d.* · score /);
    await editor.theme('light');
    await editor.screenshot('evaluation-light');
    expect(await violations(editor.webview())).toEqual([]);
    await editor.theme('dark');
    await editor.screenshot('evaluation-dark');
    expect(await violations(editor.webview())).toEqual([]);
    await page('section.notes').scrollIntoViewIfNeeded();
    await editor.screenshot('evaluation-table');
    await expect.poll(() => editor.notifications()).toEqual([]);
  });

  test('can be cancelled, and goes on', async () => {
    editor.write(
      'benchmark.csv',
      `${table.replaceAll('none~1', 'nor_conv_3x3~1').replaceAll('none~0', 'nor_conv_3x3~0')}\n`,
    );
    await editor.command('Archlens: Evaluate Proxies on a Benchmark…');
    await pick(/1\/4/, 'benchmark.csv');
    await pick(/2\/4/, 'accuracy');
    await confirm(/3\/4/);
    await pick(/4\/4/, 'CIFAR-100');
    await page('header [role="status"]', { hasText: /of 16 networks/ }).waitFor({ timeout: 300_000 });
    await page('button', { hasText: 'Cancel' }).click();
    await page('.notice', { hasText: 'it goes on from there' }).waitFor();
    await editor.screenshot('evaluation-cancelled');
    await page('button', { hasText: 'Go On' }).click();
    await page('tbody tr[data-score="vkdnw_single"]').waitFor({ timeout: 300_000 });
    await expect.poll(() => editor.notifications()).toEqual([]);
  });

  test('judges the columns of a table without genotypes', async () => {
    await editor.command('Archlens: Evaluate Proxies on a Benchmark…');
    await pick(/1\/4/, 'scores.csv');
    await pick(/2\/4/, 'accuracy');
    await confirm(/3\/3/);
    await page('tbody tr[data-score="mine"]', { hasText: '.667' }).waitFor({ timeout: 300_000 });
    expect(await page('tbody tr').count()).toBe(1);
    await editor.closeAll();
  });
});
