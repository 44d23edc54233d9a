// The spectrum panel in the real editor with the packaged extension.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/node24.mjs';
import { lightPalette, themePalette } from '../../server/plot/palette.ts';
import { drawSpectrum } from '../../server/plot/spectrum-figure.ts';
import type { Series } from '../../server/plot/figure.ts';
import { violations } from './accessibility.ts';
import { Editor, settledLens } from './harness.ts';
import { saveAs } from './questions.ts';

let editor: Editor;

const patience = 300_000;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** Something in the panel. */
function inPanel(selector: string): Locator {
  return editor.webview().locator(selector);
}

/** A button of the panel by all it says. */
function button(name: string): Locator {
  return editor.webview().getByRole('button', { name, exact: true });
}

async function toTop(): Promise<void> {
  await inPanel('body').evaluate(() => {
    window.scrollTo(0, 0);
  });
}

/** Chooses a format, saves into the workspace, and returns where. */
async function exportAs(label: string, name: string): Promise<string> {
  await button('Export…').click();
  return await saveAs(editor, label, name);
}

/** The number of the panel, once it is settled and the lens shows the same: VS Code asks for lenses a moment later. */
async function agreed(): Promise<string> {
  const number = async (): Promise<string> => (await inPanel('.headline dd').first().textContent()) ?? '';
  await expect
    .poll(
      async () => {
        const pending = await inPanel('.state .chip').count();
        const lens = (await editor.lenses()).find((text) => settledLens.test(text)) ?? '';
        return pending === 0 && lens.includes(`VKDNW ${await number()} ▰`);
      },
      { timeout: patience },
    )
    .toBe(true);
  return await number();
}

describe('the spectrum panel', () => {
  test('opens from the lens beside the editor', async () => {
    await editor.theme('dark');
    await editor.open('resnet20.arch');
    await editor.lens(settledLens, patience);
    await editor.page.locator('.codelens-decoration a', { hasText: 'Spectrum' }).first().click();
    await inPanel('h1').filter({ hasText: 'ResNet20' }).waitFor();
    await inPanel('[data-figure="strip"] svg').waitFor();
    await editor.screenshot('20-spectrum');
    expect(await inPanel('[data-figure="spectrum"] desc').textContent()).toMatch(
      /65 eigenvalues of the Fisher information .* Deciles 0\.1: /,
    );
  });

  test('shows the contributions of all ops once they are there', async () => {
    await expect
      .poll(async () => (await inPanel('.contributions p').first().textContent()) ?? '', {
        timeout: patience,
      })
      .toBe('Share of the trace of the Fisher information.');
    await inPanel('.contributions h2').scrollIntoViewIfNeeded();
    await editor.screenshot('21-spectrum-contributions');
  });

  test('reveals the op that is clicked', async () => {
    await inPanel('tbody button.link').filter({ hasText: 'dense(10)' }).click();
    await expect
      .poll(async () => await editor.status())
      .toContainEqual(expect.stringMatching(/Ln 28, Col \d+/));
    await editor.screenshot('22-spectrum-revealed');
  });

  test('highlights the ops the cursor is on', async () => {
    await editor.select('conv(16, 3x3)');
    await expect.poll(() => inPanel('tr.lit button.link').allInnerTexts()).toEqual(['conv(16, 3x3)']);
    await editor.select('conv(out, 3x3, stride = stride)');
    await expect.poll(() => inPanel('tr.lit').count()).toBe(9);
    expect(await inPanel('[data-figure="strip"] [data-highlighted]').count()).toBe(9);
    await editor.screenshot('23-spectrum-highlight');
  });

  test.each(['light', 'high-contrast', 'high-contrast-light', 'dark'] as const)(
    'has no serious accessibility violation in the theme %s, and stays where it was',
    async (theme) => {
      const number = await inPanel('.headline dd').first().textContent();
      await editor.theme(theme);
      await inPanel('[data-figure="strip"] svg').waitFor();
      expect(await violations(editor.webview())).toEqual([]);
      await inPanel('.contributions h2').scrollIntoViewIfNeeded();
      await editor.screenshot(`24-contributions-${theme}`);
      await toTop();
      await editor.screenshot(`24-spectrum-${theme}`);
      expect(await inPanel('.headline dd').first().textContent()).toBe(number);
      expect(await inPanel('tr.lit').count()).toBe(9);
      expect(await inPanel('.state .chip').count()).toBe(0);
      await expect.poll(() => editor.notifications()).toEqual([]);
    },
  );

  test('exports what it shows, and the command line writes the same', async () => {
    const file = await exportAs('SVG', 'ResNet20.svg');
    const fromCli = execFileSync(
      process.execPath,
      [join(root, 'dist', 'cli.cjs'), 'plot', join(editor.workspace, 'resnet20.arch'), '-o', '-'],
      { encoding: 'utf8' },
    );
    expect(readFileSync(file, 'utf8')).toBe(fromCli);
    const png = readFileSync(await exportAs('PNG', 'ResNet20.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1680);
    const csv = readFileSync(await exportAs('CSV', 'ResNet20.csv'), 'utf8');
    expect(csv).toMatch(/^model,quantity,item,value,standard_error\r\nResNet20,vkdnw,,/);
    // The panel's own figure is drawn from the same numbers by the same code.
    const json = readFileSync(await exportAs('JSON', 'ResNet20.json'), 'utf8');
    const { series } = JSON.parse(json) as { series: readonly Series[] };
    const width = Number(await inPanel('[data-figure="spectrum"] svg').getAttribute('width'));
    const drawn = drawSpectrum(series, { width, palette: themePalette });
    const paths = drawn.body
      .flatMap(({ children }) => children)
      .flatMap((child) => (typeof child !== 'string' && child.tag === 'path' ? [child.attributes['d']] : []));
    expect(await inPanel('[data-figure="spectrum"] path').getAttribute('d')).toBe(paths[0]);
    expect(fromCli).not.toContain('var(');
    expect(fromCli).toContain(lightPalette.series[0]);
  });

  test('lays the pinned version over the next one', async () => {
    await button('Pin version').click();
    await editor.setText(
      (await editor.text())
        .replace('[(16, 1)', '[(24, 1)')
        .replace('conv(16, 3x3)', 'conv(24, 3x3)')
        .replace(': 32x32x16', ': 32x32x24'),
    );
    await inPanel('.comparison tbody tr').nth(1).waitFor();
    await expect
      .poll(async () => await inPanel('.comparison tbody tr').nth(1).innerText(), { timeout: patience })
      .toMatch(/ResNet20, \d.*−\d+ %/s);
    await expect.poll(() => inPanel('.state .chip').count(), { timeout: patience }).toBe(0);
    await toTop();
    await editor.screenshot('25-spectrum-compared');
    expect(await inPanel('[data-figure="spectrum"] [data-series]').count()).toBe(2);
    expect(await violations(editor.webview())).toEqual([]);
  });

  test('says that it is stale while the text has an error', async () => {
    const sound = await editor.text();
    await editor.setText(sound.replace('classes 10', 'classes 10 ]'));
    await inPanel('.chip.stale').filter({ hasText: 'Stale: The model has 1 error.' }).waitFor();
    await editor.screenshot('26-spectrum-stale');
    await editor.setText(sound);
    await expect.poll(() => inPanel('.state .chip').count(), { timeout: patience }).toBe(0);
  });

  test('keeps its state over tab switches', async () => {
    const before = await inPanel('.comparison tbody tr').count();
    await button('Unfold all').click();
    const rows = await inPanel('.list tbody tr').count();
    expect(rows).toBeGreaterThan(40);
    await editor.command('View: Focus First Editor Group');
    await editor.open('inception.arch');
    await editor.screenshot('27-spectrum-other');
    await editor.open('resnet20.arch');
    await inPanel('.comparison tbody tr').first().waitFor();
    expect(await inPanel('.comparison tbody tr').count()).toBe(before);
  });

  test('shows no stale number as current through undo and redo, a killed engine and a reload', async () => {
    const before = await agreed();
    await editor.focus();
    for (let round = 0; round < 20; round += 1) await editor.page.keyboard.press('Control+Z');
    for (const pid of editor.enginePids()) process.kill(pid, 'SIGKILL');
    for (let round = 0; round < 20; round += 1) await editor.page.keyboard.press('Control+Y');
    await expect.poll(agreed, { timeout: patience }).toBe(before);
    await expect.poll(() => editor.notifications()).toEqual([]);

    const compared = await inPanel('.comparison tbody').innerText();
    await editor.save();
    await editor.reload();
    await inPanel('.comparison tbody tr').nth(1).waitFor({ timeout: patience });
    await expect.poll(() => inPanel('.comparison tbody').innerText(), { timeout: patience }).toBe(compared);
    await expect.poll(() => inPanel('.list tbody tr').count()).toBeGreaterThan(40);
    await editor.screenshot('28-spectrum-reloaded');
  });

  test('is closed and opened, and the theme switched, while a score is computed', async () => {
    // So many draws that the score is under way for seconds.
    editor.settings({ 'archlens.score.seeds': 60 });
    const settling = /VKDNW \d\.\d{3}.* ⟳/;
    await editor.lens(settling, patience);
    await editor.theme('light');
    await inPanel('.state .chip').filter({ hasText: 'Settling' }).waitFor();
    await editor.screenshot('30-spectrum-settling-light');
    await editor.page.locator('.tab', { hasText: 'Spectrum' }).locator('.tab-actions .action-label').click();
    await editor.page.locator('iframe.webview.ready').waitFor({ state: 'detached' });
    // The score goes on without the panel.
    await editor.lens(settling, patience);
    await editor.theme('dark');
    await editor.page.locator('.codelens-decoration a', { hasText: 'Spectrum' }).first().click();
    await inPanel('[data-figure="strip"] svg').waitFor();
    await inPanel('.state .chip').filter({ hasText: 'Settling' }).waitFor();
    const number = await agreed();
    await expect.poll(() => editor.notifications()).toEqual([]);
    editor.settings({ 'archlens.score.seeds': undefined });
    await expect.poll(agreed, { timeout: patience }).not.toBe(number);
  });

  test('has a page of its own when the file is closed', async () => {
    await button('Lock').click();
    // A file that is opened while the panel has the focus would be opened beside it once more.
    await editor.command('View: Focus First Editor Group');
    await editor.command('View: Revert and Close Editor');
    await inPanel('.notice').filter({ hasText: 'is not in an open file any more' }).waitFor();
    await editor.screenshot('29-spectrum-gone');
    expect(await violations(editor.webview())).toEqual([]);
    await inPanel('.notice button').click();
    await inPanel('[data-figure="spectrum"] svg').waitFor({ timeout: patience });
    await expect.poll(() => editor.notifications()).toEqual([]);
    await editor.closeAll();
  });
});
