// How the ranking of the workspace is looked at: orders, filters, groups, menus, and the leaderboard's picture.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { violations } from './accessibility.ts';
import { Architectures, net } from './architectures.ts';
import { Editor } from './harness.ts';
import { answer, choose, saveAs } from './questions.ts';

let editor: Editor;
let architectures: Architectures;

beforeAll(async () => {
  editor = await Editor.connect();
  for (const name of readdirSync(editor.workspace)) {
    if (name.endsWith('.arch')) rmSync(join(editor.workspace, name));
  }
  editor.write('small.arch', net('Slim', 8, 2) + net('Wide', 32, 2));
  editor.write('deep.arch', net('Deep', 96, 6));
  editor.write('broken.arch', 'model Broken {\n  input 8x8x3\n  classes 4\n  nothing\n}\n');
  await editor.theme('dark');
  architectures = await Architectures.open(editor);
});

afterAll(async () => {
  await editor.closeAll();
  await editor.page.getByRole('tab', { name: /^Explorer/ }).click();
});

/** Something in the leaderboard. */
function page(selector: string, options: { readonly hasText?: string | RegExp } = {}): Locator {
  return architectures.inLeaderboard(selector, options);
}

/** What the axes of the leaderboard's picture say. */
async function axes(): Promise<string[]> {
  return await page('[data-figure="scatter"] svg > text').allTextContents();
}

async function clipboard(): Promise<string> {
  return await editor.page.evaluate(() => navigator.clipboard.readText());
}

describe('the view of the ranking', () => {
  test('counts errors on a badge', async () => {
    await editor.command('Archlens: Rank Workspace');
    for (const model of ['Slim', 'Wide', 'Deep'])
      await architectures.until(new RegExp(`^${model}, rank `), 300_000);
    await architectures.until(/^Broken, errors/);
    await expect
      .poll(() => editor.page.locator('.activitybar .action-item.checked .badge-content').allInnerTexts())
      .toEqual(['1']);
    await editor.screenshot('view-badge');
    editor.write('broken.arch', net('Broken', 4, 1));
    await architectures.until(/^Broken, rank /);
    await expect
      .poll(() => editor.page.locator('.activitybar .action-item.checked .badge-content:visible').count())
      .toBe(0);
    editor.write('broken.arch', 'model Broken {\n  input 8x8x3\n  classes 4\n  nothing\n}\n');
    await architectures.until(/^Broken, errors/);
  });

  test('sorts by a column, which changes no rank', async () => {
    const ranks = async (): Promise<string[]> =>
      (await architectures.rows()).map((row) => row.split(', ').slice(0, 2).join()).sort();
    const before = await ranks();
    await architectures.press('Sort Architectures');
    await choose(editor, 'parameters');
    await architectures.untilNames('Slim', 'Wide', 'Deep', 'Broken');
    await expect.poll(() => architectures.message()).toContain('By parameters, fewest first.');
    expect(await ranks()).toEqual(before);
    await editor.screenshot('view-sorted');

    await architectures.press('Sort Architectures');
    await choose(editor, 'uncertainty');
    await expect.poll(() => architectures.message()).toContain('By uncertainty, highest first.');
    const errors = (await architectures.rows())
      .flatMap((row) => /± (\d\.\d+)/.exec(row)?.[1] ?? [])
      .map(Number);
    expect(errors).toHaveLength(3);
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));

    await architectures.press('Sort Architectures');
    await choose(editor, 'VKDNW_single');
    // The usual order needs no words but for what it is worth.
    await expect
      .poll(() => architectures.message())
      .toBe('Different width: VKDNW_single orders the wrong way round, parameters better.');
  });

  test('is filtered by words, and by a budget that decides who competes', async () => {
    await architectures.press('Filter Architectures');
    await choose(editor, 'Name or file');
    await answer(editor, 'small');
    await expect.poll(async () => (await architectures.rows()).length).toBe(2);
    // Deep is hidden, and still the first.
    await architectures.until(/^Slim, rank [23]/);
    await expect.poll(() => architectures.message()).toContain('Only “small”: 2 hidden.');
    await editor.screenshot('view-filtered');
    await architectures.press('Show All Architectures');
    await expect.poll(async () => (await architectures.rows()).length).toBe(4);

    await architectures.press('Filter Architectures');
    await choose(editor, 'Most parameters');
    await answer(editor, '1K');
    await architectures.untilNames('Slim', 'Broken');
    await architectures.until(/^Slim, rank 1, /);
    await expect.poll(() => architectures.message()).toContain('Only ≤ 1 K params: 2 hidden.');
    await editor.screenshot('view-budget');
    await architectures.press('Show All Architectures');
    await expect.poll(async () => (await architectures.rows()).length).toBe(4);
  });

  test('is grouped by file, or a list', async () => {
    await editor.command('Archlens: Group Architectures by File');
    await expect.poll(async () => (await architectures.rows()).length).toBe(7);
    const groups = (await architectures.rows()).filter(
      (row) => row.includes('.arch') && !row.includes(', rank'),
    );
    expect(groups[0]).toMatch(/^deep\.arch/);
    await editor.screenshot('view-grouped');
    await editor.command('Archlens: Show Architectures as a List');
    await expect.poll(async () => (await architectures.rows()).length).toBe(4);
  });

  test('scores a scored model again', async () => {
    const before = (await architectures.rows()).find((row) => row.startsWith('Deep'));
    await architectures.menu('Deep', 'Score Again');
    await architectures.until(/^Deep, scoring…/);
    await editor.screenshot('view-scoring-again');
    await architectures.until(/^Deep, rank /);
    // It is a pure function.
    await expect.poll(() => architectures.rows()).toContain(before);
  });

  test('copies one model, or those that are selected', async () => {
    await architectures.menu('Slim', 'Copy As…');
    await choose(editor, 'Names');
    await expect.poll(clipboard).toBe('Slim');
    await architectures.select('Deep', 'Slim');
    await architectures.menu('Deep', 'Copy As…');
    await choose(editor, 'Markdown table');
    await expect
      .poll(clipboard)
      .toMatch(/^\| # \| model .*\n.*\n\| 1 \| Deep \| .*\n\| [23–]+ \| Slim \| .*$/);
  });

  test('compares the spectra of those that are selected', async () => {
    await architectures.select('Deep', 'Slim');
    await architectures.menu('Deep', 'Compare Spectra');
    const compared = editor.webview().locator('.comparison tbody tr');
    await expect
      .poll(() => compared.allInnerTexts(), { timeout: 300_000 })
      .toEqual([expect.stringContaining('Deep'), expect.stringContaining('Slim')]);
    await editor.screenshot('view-compared');
    await expect.poll(() => editor.notifications()).toEqual([]);
    await editor.closeAll();
  });
});

describe('the leaderboard', () => {
  test('has what scored models are sorted by, and what the others lack', async () => {
    await architectures.press('Show Leaderboard');
    await expect.poll(() => page('[data-figure="scatter"] [data-id]').count()).toBe(3);
    await page('th button', { hasText: '±' }).click();
    await page('th[aria-sort="descending"]', { hasText: '±' }).waitFor();
    await expect.poll(() => page('section').last().locator('thead th').allInnerTexts()).toContain('State');
    await page('th button', { hasText: 'State' }).click();
    await page('th[aria-sort]', { hasText: 'State' }).waitFor();
    expect(await page('tbody tr', { hasText: 'Broken' }).locator('.chip').innerText()).toBe('errors');
    for (const theme of ['light', 'high-contrast', 'dark'] as const) {
      await editor.theme(theme);
      await editor.screenshot(`view-leaderboard-${theme}`);
      expect(await violations(editor.webview())).toEqual([]);
    }
    // The whole table is there without scrolling sideways.
    expect(
      await page('.scroll').evaluateAll((tables) =>
        tables.every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth),
      ),
    ).toBe(true);
    await page('th button', { hasText: 'VKDNW_single' }).click();
    await page('th[aria-sort="descending"]', { hasText: 'VKDNW_single' }).waitFor();
  });

  test('zooms, and shows all again', async () => {
    const before = await axes();
    const all = editor.webview().getByRole('button', { name: 'All', exact: true });
    expect(await all.isDisabled()).toBe(true);
    const zoomIn = editor.webview().getByRole('button', { name: 'Zoom in' });
    await zoomIn.click();
    await expect.poll(axes).not.toEqual(before);
    await editor.screenshot('view-zoomed');
    await all.click();
    await expect.poll(axes).toEqual(before);
    await page('select').last().selectOption('params');
    await expect.poll(axes).toContain('parameters');
    await page('select').last().selectOption('macs');
    await expect.poll(axes).toEqual(before);
  });

  test('lights the model that is selected in the view', async () => {
    await architectures.row('Wide').click();
    await page('tr.selected', { hasText: 'Wide' }).waitFor();
    // Its file is shown beside the leaderboard, not in its place.
    await editor.page.locator('.tab.active[data-resource-name="small.arch"]').waitFor();
    await expect.poll(() => page('[data-figure="scatter"] text').allTextContents()).toContain('Wide');
    await editor.screenshot('view-linked');
    await page('tr', { hasText: 'Deep' }).locator('td').first().click();
    await expect
      .poll(() => editor.page.locator('.pane-body .monaco-list-row.selected').allInnerTexts())
      .toEqual([expect.stringContaining('Deep')]);
  });

  test('is exported as numbers and as a picture', async () => {
    const press = async (): Promise<void> => {
      await page('button', { hasText: 'Export…' }).click();
    };
    await press();
    const csv = readFileSync(await saveAs(editor, 'CSV', 'leaderboard.csv'), 'utf8');
    expect(csv).toMatch(/^rank_best,rank_worst,ranked,model,file,state,.*\r\n1,1,3,Deep,deep\.arch,scored,/);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(5);
    await press();
    const svg = readFileSync(await saveAs(editor, 'SVG', 'leaderboard.svg'), 'utf8');
    expect(svg.match(/data-id=/g)).toHaveLength(3);
    expect(svg).not.toMatch(/var\(|<script|href/);
    await expect.poll(() => editor.notifications()).toEqual([]);
    for (const name of ['leaderboard.csv', 'leaderboard.svg']) rmSync(join(editor.workspace, name));
  });
});
