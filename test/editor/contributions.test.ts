// What ops contribute to a score, in the real editor with the packaged extension.
import { beforeAll, describe, expect, test } from 'vitest';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;

const patience = 300_000;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** Points at an op until what it contributes is known. */
async function contribution(text: string, after: string): Promise<string> {
  let hover = '';
  await expect
    .poll(
      async () => {
        hover = await editor.hover(text, after);
        return hover.includes('of the trace');
      },
      { timeout: patience, interval: 1000 },
    )
    .toBe(true);
  return hover;
}

/** Backgrounds of the ops that are tinted, as the browser draws them. */
async function tints(): Promise<readonly string[]> {
  return await editor.page
    .locator('.editor-instance .view-overlays .cdr[class*="ced-"]')
    .evaluateAll((elements) =>
      elements
        .map((element) => getComputedStyle(element).backgroundColor)
        .filter((color) => color !== 'rgba(0, 0, 0, 0)'),
    );
}

describe('contributions', () => {
  test('are told on hover, with a bar, the deciles and the effect on the entropy', async () => {
    await editor.open('resnet20.arch');
    await editor.lens(settledLens, patience);
    const stem = await contribution('conv', 'classes 10');
    await editor.screenshot('contribution-hover-dark');
    expect(stem).toMatch(/Fisher information: [█▏▎▍▌▋▊▉░]+ (< )?[\d.]+ % ± (< )?[\d.]+ % of the trace/);
    expect(stem).toMatch(/deciles [▁▂▃▄▅▆▇█·]{10} most in the \S+ tenth/);
    expect(stem).toMatch(/entropy [−+]\d\.\d{3} ± \d\.\d{3} without it/);
    const inside = await contribution('conv', 'residual {');
    await editor.theme('light');
    await contribution('conv', 'residual {');
    await editor.screenshot('contribution-hover-light');
    await editor.theme('dark');
    expect(inside).toMatch(/of the trace at 9 places \((< )?[\d.]+ % to [\d.]+ % each\)/);
  });

  test('tint the ops on request, in every theme, and no longer when it is taken back', async () => {
    expect(await tints()).toEqual([]);
    await editor.command('Archlens: Toggle Tints by Contribution');
    await expect.poll(async () => (await tints()).length, { timeout: patience }).toBeGreaterThanOrEqual(9);
    // Large and small contributions look different.
    expect(new Set(await tints()).size).toBeGreaterThan(2);
    await editor.screenshot('contribution-tints-dark');
    await editor.theme('light');
    await expect.poll(async () => (await tints()).length).toBeGreaterThanOrEqual(9);
    await editor.screenshot('contribution-tints-light');
    editor.settings({ 'workbench.colorTheme': 'Default High Contrast' });
    await editor.page.locator('.monaco-workbench.hc-black').waitFor();
    await expect.poll(async () => (await tints()).length).toBeGreaterThanOrEqual(9);
    await editor.screenshot('contribution-tints-high-contrast');
    await editor.theme('dark');
    await editor.command('Archlens: Toggle Tints by Contribution');
    await expect.poll(tints).toEqual([]);
  });

  test('are missed where no signal passes: the cell and the ops around it are marked', async () => {
    editor.write(
      'dead.arch',
      `/// Every way through it is closed.
cell Dead {
  0 -> 1: none
  0 -> 2: none   1 -> 2: skip_connect
}

model Silent {
  input 16x16x3
  classes 10
  conv(8, 3x3) -> bn -> relu
  Dead
  conv(8, 3x3) -> bn -> gap -> dense(classes)
}
`,
    );
    await editor.open('dead.arch');
    // The cell, an op before and one behind it, and the edge in it that the linter finds dead.
    await expect.poll(() => editor.page.locator('.editor-instance .squiggly-warning').count()).toBe(4);
    const hover = await editor.hover('Dead', 'cell');
    await editor.screenshot('contribution-no-signal');
    expect(hover).toMatch(
      /No signal passes the cell `?Dead`?: every way from its input to its output is `?none`?/,
    );
    const problems = await editor.problems();
    // The view draws as many rows as fit.
    const told = problems.filter((problem) => problem.includes('No signal passes'));
    expect(told.length).toBeGreaterThanOrEqual(2);
  });
});
