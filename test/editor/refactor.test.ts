// Formatting, fixing and refactoring as a person does it, in the real editor with the packaged extension.
import { beforeAll, expect, test } from 'vitest';
import { Editor } from './harness.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** Takes an entry of the menu of code actions, which is pictured. */
async function choose(title: string, picture: string): Promise<void> {
  const entry = editor.page.locator('.action-widget .monaco-list-row.action', { hasText: title });
  await entry.waitFor();
  await editor.screenshot(picture);
  await entry.click();
  await entry.waitFor({ state: 'hidden' });
}

/** Opens the menu of fixes; again when it closed because the fixes were asked for anew. */
async function offerFixes(title: string): Promise<void> {
  const entry = editor.page.locator('.action-widget .monaco-list-row.action', { hasText: title });
  await expect
    .poll(
      async () => {
        if (!(await entry.isVisible())) await editor.page.keyboard.press('Control+.');
        return await entry.isVisible();
      },
      { timeout: 300_000, interval: 2000 },
    )
    .toBe(true);
}

test('a document is formatted, its comments with it', async () => {
  editor.write(
    'untidy.arch',
    '// Stages.\nlet stages=[\n(1,16),\n(6,160)]\n\nmodel Untidy {\ninput 32x32x3 classes 10\n  conv( 16,3x3 )->bn:32x32x16 // stem\n for (_t,c) in stages{conv(c,3x3)->bn}\ngap->dense(classes):10\n}\n',
  );
  await editor.open('untidy.arch');
  await editor.lens(/VKDNW \d\.\d{3}/, 300_000);
  const formatted = `// Stages.
let stages = [
  (1,  16),
  (6, 160)
]

model Untidy {
  input 32x32x3
  classes 10
  conv(16, 3x3) -> bn     : 32x32x16 // stem
  for (_t, c) in stages { conv(c, 3x3) -> bn }
  gap -> dense(classes)   : 10
}
`;
  // Again where the focus was on its way elsewhere.
  await expect
    .poll(
      async () => {
        await editor.command('Format Document');
        return await editor.text();
      },
      { timeout: 300_000, interval: 1000 },
    )
    .toBe(formatted);
  await editor.screenshot('refactor-01-formatted');
  await editor.closeAll();
});

test('a residual that does not fit is repaired, and what can go is faded', async () => {
  editor.write(
    'broken.arch',
    'model Broken {\n  input 32x32x3\n  classes 10\n  let spare = 3\n  residual { conv(16, 3x3, stride = 2) -> bn }\n  relu -> relu\n  gap -> dense(classes)\n}\n',
  );
  await editor.open('broken.arch');
  await editor.page.locator('.squiggly-inline-unnecessary').first().waitFor({ state: 'attached' });
  await expect.poll(() => editor.errors()).toBe(1);
  await editor.focus();
  await editor.select('residual');
  await editor.page.keyboard.press('ArrowLeft');
  await offerFixes('Add a projection shortcut');
  await choose('Add a projection shortcut', 'refactor-02-fix');
  await expect
    .poll(async () => await editor.text())
    .toContain('-> bn } shortcut { conv(16, 1x1, stride = 2) -> bn }\n');
  await expect.poll(() => editor.errors()).toBe(0);
  await editor.lens(/VKDNW \d\.\d{3}/, 300_000);
  await editor.screenshot('refactor-03-fixed');
  await editor.closeAll();
});

test('a selection becomes a block', async () => {
  editor.write(
    'extract.arch',
    'model Extract {\n  input 32x32x3\n  classes 10\n  for c in [16, 32] {\n    conv(c, 3x3) -> bn -> relu\n  }\n  gap -> dense(classes)\n}\n',
  );
  await editor.open('extract.arch');
  await editor.lens(/VKDNW \d\.\d{3}/, 300_000);
  await editor.select('conv(c, 3x3) -> bn -> relu');
  await editor.page.keyboard.press('Control+Shift+r');
  await choose('Extract to a block', 'refactor-04-extract');
  await expect
    .poll(async () => await editor.text())
    .toBe(
      'block Extracted(c) {\n  conv(c, 3x3) -> bn -> relu\n}\n\nmodel Extract {\n  input 32x32x3\n  classes 10\n  for c in [16, 32] {\n    Extracted(c)\n  }\n  gap -> dense(classes)\n}\n',
    );
  expect(await editor.errors()).toBe(0);
  await editor.screenshot('refactor-05-extracted');
  await editor.closeAll();
});
