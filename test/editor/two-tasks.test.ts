// Models of two tasks in one workspace: what is ranked against what, what has no number, and what is settled by a click.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Architectures, net } from './architectures.ts';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;
let architectures: Architectures;

const patience = 300_000;

/** Doubles its input so often that float32 loses the gradients of its biases beside those of its weights. */
const exploding = `model Exploding {
  input 16x16x3
  classes 10
  conv(8, 3x3)
  repeat 120 { residual { conv(8, 3x3, bias = true) -> relu } }
  gap -> dense(classes)
}
`;

/** Too costly to settle unasked under the limit of these tests (billions of multiply-accumulates), but for its quick score. */
const costly = (name: string): string => net(name, 64, 4);
const limit = 10;

beforeAll(async () => {
  editor = await Editor.connect();
  for (const name of readdirSync(editor.workspace))
    if (name.endsWith('.arch')) rmSync(join(editor.workspace, name));
  editor.write('ten.arch', net('Slim', 8, 2) + net('Wide', 24, 2) + exploding);
  // The server is there before the limit is, and hears of it.
  await editor.open('ten.arch');
  const lens = editor.page.locator('.codelens-decoration a', { hasText: /VKDNW \d/ });
  await lens.first().waitFor({ timeout: patience });
  await editor.closeAll();
  editor.settings({ 'archlens.score.costLimit': limit });
  editor.write('five.arch', (net('Deep', 8, 6) + net('Shallow', 8, 1)).replaceAll('classes 10', 'classes 5'));
  editor.write('costly.arch', costly('InLens') + costly('InPanel').replace('relu', 'gelu'));
  editor.write('costlier.arch', costly('InTable').replace('relu', 'silu'));
  // Seen in the same file: when the theme has changed, the limit is known, too.
  await editor.theme('light');
  await editor.theme('dark');
  architectures = await Architectures.open(editor);
});

afterAll(async () => {
  editor.settings({ 'archlens.score.costLimit': undefined });
  await editor.closeAll();
  await editor.page.getByRole('tab', { name: /^Explorer/ }).click();
});

/** Something in the leaderboard or the panel in front. */
function page(selector: string, options: { readonly hasText?: string | RegExp } = {}): Locator {
  return editor.webview().locator(selector, options);
}

describe('models of two tasks', () => {
  test('are ranked by themselves, and what has no number has a reason', async () => {
    await editor.command('Archlens: Rank Workspace');
    for (const model of ['Slim', 'Wide', 'InLens', 'InPanel', 'InTable', 'Deep', 'Shallow'])
      await architectures.until(new RegExp(`^${model}, rank `), patience);
    await editor.command('Archlens: Show Leaderboard');
    await page('section').nth(2).waitFor();
    expect(await page('section h2').allInnerTexts()).toEqual([
      expect.stringMatching(/^16×16×3 → 10/),
      expect.stringMatching(/^16×16×3 → 5/),
      'Without a score',
    ]);
    const models = (index: number): Promise<string[]> =>
      page('section').nth(index).locator('tbody th .link').allInnerTexts();
    expect((await models(0)).sort()).toEqual(['InLens', 'InPanel', 'InTable', 'Slim', 'Wide']);
    expect((await models(1)).sort()).toEqual(['Deep', 'Shallow']);
    expect(await models(2)).toEqual(['Exploding']);
    // Of five, and of two.
    for (const [index, of] of [5, 2].entries())
      for (const rank of await page('section').nth(index).locator('td.rank').allInnerTexts())
        expect(Math.max(...(rank.match(/\d+/g) ?? ['99']).map(Number))).toBeLessThanOrEqual(of);
    const row = page('tr', { hasText: 'Exploding' });
    expect(await row.locator('.chip').first().innerText()).toMatch(/explo/i);
    expect(await row.innerText()).not.toContain('0.000');
    // A cell without a value says why.
    const unexplained = await page('tbody td').evaluateAll((cells) =>
      cells
        .filter(
          (cell) => ['', '–'].includes(cell.textContent.trim()) && (cell.getAttribute('title') ?? '') === '',
        )
        .map((cell) => `${cell.parentElement!.textContent}: ${cell.getAttribute('class') ?? ''}`),
    );
    expect(unexplained).toEqual([]);
  });

  test('is settled by a click in the leaderboard', async () => {
    const row = page('tr', { hasText: 'InTable' });
    expect(await row.innerText()).toContain('≈');
    await row.locator('.settle').click();
    await row.locator('.settle').waitFor({ state: 'detached', timeout: patience });
    await expect.poll(() => row.innerText()).not.toContain('≈');
    await editor.screenshot('two-tasks-leaderboard');
    await editor.closeAll();
  });

  test('is settled by a click on its lens, and in the panel', async () => {
    await editor.open('costly.arch');
    await editor.lens(/^≈ \d\.\d{3} [▰▱]{6} quick · Settle \(about .*\)/, patience);
    await editor.page.locator('.codelens-decoration a', { hasText: /quick/ }).first().click();
    await editor.lens(settledLens, patience);
    await editor.select('InPanel');
    await editor.command('Archlens: Show Spectrum');
    await page('h1', { hasText: 'InPanel' }).waitFor();
    await page('.state .chip', { hasText: /^Quick: / }).waitFor({ timeout: patience });
    await editor.screenshot('two-tasks-panel');
    await page('.state button', { hasText: 'Settle' }).click();
    await expect.poll(() => page('.state .chip').count(), { timeout: patience }).toBe(0);
    await expect
      .poll(async () => (await editor.lenses()).filter((lens) => settledLens.test(lens)).length)
      .toBe(2);
    await expect.poll(() => editor.notifications()).toEqual([]);
  });
});
