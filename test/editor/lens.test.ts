// The lens above a model: that it fits half a column, and what it says of a place on a scale.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Architectures, net } from './architectures.ts';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;

const patience = 300_000;

beforeAll(async () => {
  editor = await Editor.connect();
  for (const name of readdirSync(editor.workspace))
    if (name.endsWith('.arch')) rmSync(join(editor.workspace, name));
  // Ten networks of one task that cost alike and differ in their ops, ten of another that differ in their width, and one by itself.
  const activations = ['relu', 'relu6', 'gelu', 'silu', 'tanh'];
  const alike = Array.from({ length: 10 }, (_, index) =>
    net(`Net${index}`, 30, 2)
      .replace('relu ->', `${activations[index % 5]!} ->`)
      .replace('relu\n', index < 5 ? 'relu\n' : 'gelu\n'),
  );
  const wide = Array.from({ length: 10 }, (_, index) =>
    net(`Wide${index}`, 30 + index, 2).replace('classes 10', 'classes 7'),
  );
  editor.write('alike.arch', alike.join('\n'));
  editor.write('wide.arch', wide.join('\n'));
  editor.write('other.arch', net('Other', 20, 2).replace('classes 10', 'classes 5'));
  await editor.theme('dark');
  await editor.page.setViewportSize({ width: 1280, height: 800 });
});

afterAll(async () => {
  await editor.closeAll();
  await editor.page.getByRole('tab', { name: /^Explorer/ }).click();
});

/** Of every lens on the screen in pixels: how far it goes, and how far the text of its editor may be seen. */
async function extents() {
  return await editor.page.locator('.editor-instance .codelens-decoration').evaluateAll((lenses) =>
    lenses
      .filter((lens) => lens.textContent !== '')
      .map((lens) => ({
        text: lens.textContent,
        right: Math.max(...Array.from(lens.children, (child) => child.getBoundingClientRect().right)),
        room: lens
          .closest('.overflow-guard')!
          .querySelector('.minimap, .decorationsOverviewRuler')!
          .getBoundingClientRect().left,
      })),
  );
}

describe('the lens of a model', () => {
  test('says its percentile once the workspace is ranked, and in the hover among which', async () => {
    const architectures = await Architectures.open(editor);
    await editor.command('Archlens: Rank Workspace');
    for (const name of ['Net', 'Wide'])
      for (let index = 0; index < 10; index += 1)
        await architectures.until(new RegExp(`^${name}${index}, rank `), 300_000);
    await editor.open('alike.arch');
    await editor.lens(/VKDNW \d\.\d{3} ± \d\.\d{3} [▰▱]{6} · above \d+ %/, patience);
    const hover = await editor.hover('Net0', 'model ');
    expect(hover).toMatch(
      /\d+\w\w percentile: VKDNW is above that of \d+ % of the 9 other networks of the workspace for 16×16×3 → 10/,
    );
    expect(hover).toMatch(/VKDNW_single: 3 layers \+ \d\.\d{3} ± \d\.\d{3}/);
    await editor.page.keyboard.press('Escape');
    // A place by the entropy among other widths is known to be no evidence: the tooltip alone has it.
    await editor.open('wide.arch');
    expect(await editor.lens(settledLens, patience)).not.toContain('above');
    expect(await editor.hover('Wide0', 'model ')).toMatch(
      /percentile: .*\n*A place on the scale, no evidence of accuracy\. Different width: VKDNW orders the wrong way/,
    );
    await editor.page.keyboard.press('Escape');
    await editor.open('other.arch');
    // One model of a task is among none.
    expect(await editor.lens(settledLens, patience)).not.toContain('above');
    await editor.closeAll();
  });

  test('fits half a column, in the light and in the dark', async () => {
    await editor.open('alike.arch');
    await editor.command('View: Split Editor Right');
    await expect.poll(() => editor.page.locator('.editor-instance .monaco-editor').count()).toBe(2);
    for (const theme of ['light', 'dark'] as const) {
      await editor.theme(theme);
      await expect
        .poll(async () => (await editor.lenses()).filter((lens) => lens.includes('above')).length, {
          timeout: patience,
        })
        .toBeGreaterThan(4);
      await editor.screenshot(`lens-half-column-${theme}`);
      const found = await extents();
      expect(found.filter(({ right, room }) => right > room)).toEqual([]);
    }
    await editor.closeAll();
  });
});
