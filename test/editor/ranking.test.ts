// The view "Architectures" and the leaderboard, as a person meets them.
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './accessibility.ts';
import { Architectures, net } from './architectures.ts';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;
let architectures: Architectures;

const many = Array.from({ length: 6 }, (_, index) => `n${index}.arch`);

beforeAll(async () => {
  editor = await Editor.connect();
});

afterAll(async () => {
  for (const name of ['extra.arch', 'renamed.arch', 'broken.arch', ...many])
    rmSync(join(editor.workspace, name), { force: true });
  await editor.page.getByRole('tab', { name: /^Explorer/ }).click();
});

/** Something in the leaderboard. */
function page(selector: string, options: { readonly hasText?: string } = {}): Locator {
  return architectures.inLeaderboard(selector, options);
}

describe('the ranking of the workspace', () => {
  test('lists every model of every file, and ranks them on request', async () => {
    await editor.closeAll();
    architectures = await Architectures.open(editor);
    await architectures.until(/ResNet20/);
    await editor.screenshot('ranking-unscored');
    await editor.command('Archlens: Rank Workspace');
    await architectures.until(
      /^ResNet20, rank \d+(–\d+)?, 22 \+ \d\.\d{3} ± \d\.\d{3} · 0\.27 M params · 40\.8 M MACs, resnet20\.arch/,
      300_000,
    );
    await expect
      .poll(async () => (await architectures.rows()).filter((row) => row.includes(', rank ')).length, {
        timeout: 300_000,
      })
      .toBeGreaterThanOrEqual(7);
    await editor.theme('light');
    await editor.screenshot('ranking-view-light');
    await editor.theme('dark');
    await editor.screenshot('ranking-view-dark');
    await expect.poll(() => editor.notifications()).toEqual([]);
  });

  test('opens a model, whose hover says its rank', async () => {
    await editor.page.locator('.pane-body .monaco-list-row', { hasText: 'ResNet20' }).first().click();
    await editor.page.locator('.tab.active[data-resource-name="resnet20.arch"]').waitFor();
    await editor.lens(settledLens, 300_000);
    await expect
      .poll(() => editor.hover('ResNet20', 'model '), { timeout: 300_000, interval: 1000 })
      .toMatch(/Rank \d+(–\d+)? by VKDNW_single among \d+ models/);
    await editor.screenshot('ranking-lens');
  });

  test('shows the leaderboard, linked with the view and accessible', async () => {
    await editor.command('Archlens: Show Leaderboard');
    await page('[data-figure="scatter"] [data-id]').first().waitFor();
    await page('tbody tr', { hasText: 'SmallInception' }).click();
    await expect
      .poll(() => editor.page.locator('.pane-body .monaco-list-row.selected').allInnerTexts())
      .toEqual([expect.stringContaining('SmallInception')]);
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await editor.theme(theme);
      await page('[data-figure="scatter"] [data-id]').first().waitFor();
      await editor.screenshot(`leaderboard-${theme}`);
      expect(await violations(editor.webview())).toEqual([]);
    }
    // A table a task.
    await page('th button', { hasText: 'Params' }).first().click();
    await expect.poll(() => page('tbody tr').first().innerText()).toContain('SmallInception');
    await page('th button', { hasText: 'VKDNW_single' }).first().click();
    await editor.command('View: Close Editor');
  });

  test('follows files that come, change, move and go, while the engine is killed', async () => {
    editor.write('extra.arch', net('Extra', 8, 2));
    await architectures.until(/^Extra, rank /);
    editor.write('broken.arch', 'model Broken {\n  input 8x8x3\n  classes 4\n  nothing\n}\n');
    await architectures.until(/^Broken, errors/);
    await editor.screenshot('ranking-errors');
    renameSync(join(editor.workspace, 'extra.arch'), join(editor.workspace, 'renamed.arch'));
    for (let index = 0; index < 6; index += 1)
      editor.write(`n${index}.arch`, net(`Many${index}`, 16 + index, 6));
    for (const pid of editor.enginePids()) process.kill(pid, 'SIGKILL');
    rmSync(join(editor.workspace, 'n5.arch'));
    await architectures.until(/^Many4, rank /, 300_000);
    await architectures.until(/^Extra, rank /);
    expect((await architectures.rows()).some((row) => row.includes('Many5'))).toBe(false);
    for (let index = 0; index < 5; index += 1) rmSync(join(editor.workspace, `n${index}.arch`));
    rmSync(join(editor.workspace, 'broken.arch'));
    rmSync(join(editor.workspace, 'renamed.arch'));
    await expect
      .poll(async () => (await architectures.rows()).join('\n'), { timeout: 300_000 })
      .not.toMatch(/Many|Broken|Extra/);
    await expect.poll(() => editor.notifications()).toEqual([]);
  });

  test('goes on without a file that is deleted while its model is scored', async () => {
    // Two that take seconds each, and one behind them.
    const wide = (name: string): string => net(name, 256, 8);
    editor.write('n0.arch', wide('Deleted'));
    editor.write('n1.arch', wide('Kept'));
    await architectures.until(/^Deleted, scoring…/);
    rmSync(join(editor.workspace, 'n0.arch'));
    await architectures.until(/^Kept, rank /, 300_000);
    expect((await architectures.rows()).some((row) => row.includes('Deleted'))).toBe(false);
    rmSync(join(editor.workspace, 'n1.arch'));
    await expect
      .poll(async () => (await architectures.rows()).join('\n'), { timeout: 300_000 })
      .not.toMatch(/Kept/);
    await expect.poll(() => editor.notifications()).toEqual([]);
  });

  test('is there again after a reload of the window, from the store', async () => {
    const before = (await architectures.rows()).filter((row) => row.includes(', rank '));
    await editor.reload();
    await expect
      .poll(async () => (await architectures.rows()).filter((row) => row.includes(', rank ')), {
        timeout: 300_000,
      })
      .toEqual(before);
    await expect.poll(() => editor.notifications()).toEqual([]);
    await editor.closeAll();
  });
});
