// Other training-free scores as columns of the view "Architectures" and of the leaderboard.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { violations } from './accessibility.ts';
import { Architectures } from './architectures.ts';
import { Editor } from './harness.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.connect();
  editor.settings({ 'archlens.aggregates': { mine: ['l2_norm', 'macs'] } });
  // Seen in the same file: when the theme has changed, the aggregate is known, too.
  await editor.theme('light');
  await editor.theme('dark');
});

function page(selector: string, options: { readonly hasText?: string | RegExp } = {}): Locator {
  return editor.webview().locator(selector, options);
}

/** Marks answers of the question for columns, and confirms. */
async function choose(...names: readonly string[]): Promise<void> {
  const widget = editor.page.locator('.quick-input-widget');
  const input = widget.locator('input[type="text"]').first();
  await widget.locator('.quick-input-title', { hasText: 'Columns of the ranking' }).waitFor();
  for (const name of names) {
    await input.fill(name);
    await widget.locator('.monaco-list-row', { hasText: name }).first().locator('.monaco-checkbox').click();
  }
  await input.fill('');
  await editor.screenshot('columns-question');
  await input.press('Enter');
  await widget.waitFor({ state: 'hidden' });
}

describe('columns of other scores', () => {
  test('are computed, shown in view and leaderboard, and sorted by', async () => {
    const architectures = await Architectures.open(editor);
    await editor.command('Archlens: Rank Workspace');
    await architectures.until(/^ResNet20, rank /, 300_000);
    await editor.command('Archlens: Choose Columns of the Ranking…');
    await choose('l2_norm', 'naswot', 'mine');
    await architectures.until(/^ResNet20, rank .* · l2_norm \d+\.\d+ · naswot \d+\.\d+ · mine \d/, 300_000);
    await editor.screenshot('columns-view');
    await editor.command('Archlens: Show Leaderboard');
    // A table a task.
    await page('th button', { hasText: 'naswot' }).first().click();
    await page('th[aria-sort="descending"]', { hasText: 'naswot' }).first().waitFor();
    const cell = page('tbody tr', { hasText: 'ResNet20' }).locator('td[title*="onnx-cpu"]').first();
    await expect.poll(() => cell.getAttribute('title')).toMatch(/onnx-cpu \(.*\) · seeds? 0.* · version \d+/);
    await editor.theme('light');
    await editor.screenshot('columns-leaderboard-light');
    expect(await violations(editor.webview())).toEqual([]);
    await editor.theme('dark');
    await editor.screenshot('columns-leaderboard-dark');
    expect(await violations(editor.webview())).toEqual([]);
    await expect.poll(() => editor.notifications()).toEqual([]);
    await page('button', { hasText: 'Columns…' }).click();
    await choose('l2_norm', 'naswot', 'mine');
    await expect.poll(() => page('th button', { hasText: 'naswot' }).count()).toBe(0);
    await editor.closeAll();
    await editor.page.getByRole('tab', { name: /^Explorer/ }).click();
    editor.settings({ 'archlens.aggregates': undefined });
  }, 900_000);
});
