// Trying alternatives and improving a model as a person does it, in the real editor with the packaged extension.
import { beforeAll, expect, test } from 'vitest';
import { Editor } from './harness.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** Scoring takes its time on a machine that also draws an editor. */
const patience = 120_000;

const text = `// A small network.
block Unit(c) {
  conv(c, 3x3) -> bn -> relu // the unit
}

model Small {
  input 16x16x3
  classes 10
  Unit(16)
  repeat 2 { Unit(16) }
  gap -> dense(classes)
}
`;

test('alternatives are listed while they are scored; one is applied and undone', async () => {
  editor.write('small.arch', text);
  await editor.open('small.arch');
  await editor.lens(/VKDNW \d\.\d{3}/, patience);
  await editor.select('3x3');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.page.keyboard.press('Control+.');
  const entry = editor.page.locator('.action-widget .monaco-list-row.action', {
    hasText: 'Try alternatives to',
  });
  await entry.waitFor();
  await entry.click();
  const widget = editor.page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: 'Alternatives to 3x3 in Small' }).waitFor();
  await editor.screenshot('what-if-01-filling');
  const input = widget.locator('input[type="text"]').first();
  await expect
    .poll(async () => await input.getAttribute('placeholder'), { timeout: patience })
    .toMatch(/^3 scored/);
  await editor.screenshot('what-if-02-alternatives');
  const rows = await widget.locator('.monaco-list-row').allInnerTexts();
  expect(
    rows.filter((row) => /3x3 → \dx\d[^]*[+−±]\d\.\d{3} ± \d\.\d{3}[^]*params[^]*MACs/.test(row)),
  ).toHaveLength(3);
  await input.fill('5x5');
  await editor.page.keyboard.press('Enter');
  await expect.poll(async () => await editor.text()).toBe(text.replace('3x3', '5x5'));
  await editor.undo();
  await expect.poll(async () => await editor.text()).toBe(text);
});

test('a model is improved, and changed only when that is accepted', async () => {
  await editor.select('Small');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.command('Archlens: Improve Model Under a Budget…');
  const widget = editor.page.locator('.quick-input-widget');
  const input = widget.locator('input[type="text"]').first();
  await widget.locator('.quick-input-title', { hasText: '(1/2)' }).waitFor();
  await editor.screenshot('what-if-03-budget');
  await input.fill('1M');
  await editor.page.keyboard.press('Enter');
  await widget.locator('.quick-input-title', { hasText: '(2/2)' }).waitFor();
  await input.fill('2M');
  await editor.page.keyboard.press('Enter');
  await editor.page.locator('.notification-toast', { hasText: 'Improving Small' }).waitFor();
  await editor.page.waitForTimeout(4000);
  await editor.screenshot('what-if-04-improving');
  const offer = editor.page.locator('.notification-toast', {
    hasText: 'Nothing is changed until you accept',
  });
  await offer.waitFor({ timeout: 2 * patience });
  await editor.page.locator('.monaco-diff-editor').first().waitFor();
  await editor.page.waitForTimeout(1000);
  await editor.screenshot('what-if-05-diff');
  await offer.locator('.monaco-button', { hasText: 'Accept' }).click();
  await editor.page.locator('.monaco-diff-editor').first().waitFor({ state: 'detached' });
  let improved = '';
  await expect.poll(async () => (improved = await editor.text())).not.toBe(text);
  expect(improved).toContain('// the unit');
  await editor.screenshot('what-if-06-accepted');
  await editor.undo();
  await expect.poll(async () => await editor.text()).toBe(text);
  await editor.closeAll();
});
