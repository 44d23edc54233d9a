// Writing and refactoring as a person does it, in the real editor with the packaged extension.
import { beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './harness.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** The rows of the list of suggestions, as they are drawn: name, signature and origin. */
async function rows(): Promise<string[]> {
  const texts = await editor.page.locator('.suggest-widget.visible .monaco-list-row').allInnerTexts();
  return texts.map((text) => text.replaceAll(/[\s\u00a0]+/g, ' ').trim());
}

/** Types the beginning of a word and accepts the suggestion, which must be the first. */
async function complete(typed: string, label: string, picture?: string): Promise<void> {
  await editor.type(typed);
  const focused = editor.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name');
  await expect.poll(async () => (await focused.allInnerTexts()).join()).toBe(label);
  if (picture !== undefined) await editor.screenshot(picture);
  await editor.page.keyboard.press('Enter');
  // Hidden, or the list of a stop that has values to choose from.
  await expect.poll(async () => (await focused.allInnerTexts()).join()).not.toBe(label);
}

/** Moves to the next stop of a snippet, or out of it. */
async function tab(): Promise<void> {
  await editor.page.keyboard.press('Tab');
}

async function newLine(): Promise<void> {
  await editor.page.keyboard.press('Escape');
  await editor.page.keyboard.press('Enter');
}

describe('writing with completion alone', () => {
  test('an empty file becomes a model that is scored', async () => {
    editor.write('typed.arch', '');
    await editor.open('typed.arch');
    await complete('mod', 'model', 'language-01-declaration');
    await editor.type('Three layers');
    await tab();
    await editor.type('Typed');
    for (let stop = 2; stop <= 5; stop++) await tab();
    await complete('maxp', 'maxpool', 'language-02-op');
    // The size of the window is offered, too.
    const sizes = editor.page.locator('.suggest-widget.visible .monaco-list-row');
    await sizes.first().waitFor();
    await editor.page.keyboard.press('Enter');
    await tab();
    await newLine();
    await complete('resi', 'residual', 'language-03-residual');
    // From the end of its first line to behind its brace.
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('End');
    await newLine();
    await complete('conv', 'conv');
    await editor.type('32');
    // The second stop lists the usual kernels.
    await tab();
    await sizes.first().waitFor();
    expect((await rows()).map((row) => row.split(' ')[0])).toEqual(['3x3', '1x1', '5x5', '7x7']);
    await editor.screenshot('language-04-value');
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('Enter');
    await editor.page.keyboard.press('End');
    await editor.page.keyboard.press('ArrowLeft');
    await editor.type(', ');
    // Asked for, because inside a snippet the editor may not offer by itself.
    await editor.page.keyboard.press('Control+Space');
    await complete('str', 'stride = ', 'language-05-argument');
    await editor.page.keyboard.press('Escape');
    await editor.page.keyboard.press('End');
    await editor.screenshot('language-06-model');
    const text = await editor.text();
    expect(text).toContain('/// Three layers\nmodel Typed {\n  input 32x32x3\n  classes 10\n');
    expect(text).toContain('maxpool(2x2)');
    expect(text).toMatch(/residual \{\n\s*conv\(channels, 3x3\) -> bn\n\s*\}/);
    expect(text).toContain('conv(32, 1x1, stride = 2)');
    await editor.lens(/VKDNW \d\.\d{3} ± /, 300_000);
    expect(await editor.errors()).toBe(0);
    await editor.closeAll();
  });

  test('a dense on a map is offered with what must come between, a block with its import', async () => {
    editor.write('fit.arch', 'model Fit {\n  input 32x32x3\n  classes 10\n  conv(16, 3x3) -> \n}\n');
    await editor.open('fit.arch');
    await editor.select('-> ');
    await editor.page.keyboard.press('ArrowRight');
    await editor.type('den');
    const list = editor.page.locator('.suggest-widget.visible .monaco-list-row');
    await list.first().waitFor();
    await expect.poll(async () => (await rows())[0]).toMatch(/^gap -> dense/);
    expect((await rows())[1]).toMatch(/^flatten -> dense/);
    await editor.page.keyboard.press('Control+Space');
    await editor.page.locator('.suggest-details').waitFor();
    await editor.screenshot('language-07-fits');
    await editor.page.keyboard.press('Control+Space');
    await editor.page.keyboard.press('Enter');
    await list.first().waitFor({ state: 'hidden' });
    await editor.page.keyboard.press('Escape');
    expect(await editor.text()).toContain('conv(16, 3x3) -> gap -> dense(classes)');

    await editor.select('gap');
    await complete('Bottl', 'Bottleneck', 'language-08-import');
    await editor.page.keyboard.press('Escape');
    expect(await editor.text()).toMatch(/^import \{ Bottleneck \} from "\.\/blocks\.arch"\n\nmodel Fit/);
    await editor.closeAll();
  });
});

test('a block used in three files is renamed in all of them', async () => {
  const users = ['first', 'second', 'third'];
  editor.write('unit.arch', '/// A unit.\nblock Unit(out) {\n  conv(out, 3x3) -> bn -> relu\n}\n');
  for (const name of users)
    editor.write(
      `${name}.arch`,
      `import { Unit } from "./unit.arch"\nmodel Net_${name} {\n  input 32x32x3\n  classes 10\n  Unit(16) -> Unit(32) -> gap -> dense(classes)\n}\n`,
    );
  await editor.open('unit.arch');
  await editor.select('Unit', 'block ');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.page.keyboard.press('F2');
  const box = editor.page.locator('.rename-box input');
  await box.waitFor();
  await box.fill('ConvUnit');
  await editor.screenshot('language-09-rename');
  await editor.page.keyboard.press('Enter');
  await box.waitFor({ state: 'hidden' });
  await expect.poll(async () => await editor.text()).toContain('block ConvUnit(out)');
  for (const name of users) {
    await editor.open(`${name}.arch`);
    const text = await editor.text();
    expect(text).toContain('import { ConvUnit } from "./unit.arch"');
    expect(text).toContain('ConvUnit(16) -> ConvUnit(32)');
    await expect.poll(() => editor.errors()).toBe(0);
  }
  await editor.screenshot('language-10-renamed');
  await editor.closeAll();
});

test('a name that is taken is refused, and says why', async () => {
  editor.write('taken.arch', 'block One(n) { bn }\nblock Two(n) { bn }\n');
  await editor.open('taken.arch');
  await editor.select('One');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.page.keyboard.press('F2');
  const box = editor.page.locator('.rename-box input');
  await box.waitFor();
  await box.fill('Two');
  await editor.page.keyboard.press('Enter');
  const message = editor.page.locator('.monaco-editor-overlaymessage, .notification-toast').first();
  await message.waitFor();
  await editor.screenshot('language-11-refused');
  expect(await message.innerText()).toContain('`Two` is a block already (taken.arch, line 2)');
  await editor.closeAll();
});

test('a block that comes with the extension is looked at, used, and not changed', async () => {
  editor.write(
    'bundled.arch',
    'import { MBConv } from "archlens:blocks"\n\nmodel Bundled {\n  input 32x32x3\n  classes 10\n  MBConv(16) -> gap -> dense(classes)\n}\n',
  );
  await editor.open('bundled.arch');
  await editor.lens(/VKDNW \d\.\d{3} ± /, 300_000);
  await editor.select('MBConv', 'classes 10');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.page.keyboard.press('F12');
  await editor.page.locator('.tab.active', { hasText: 'blocks.arch' }).waitFor();
  // The place of the block, not the beginning of the file.
  await expect.poll(async () => (await editor.lines()).join('\n')).toContain('block MBConv(out');
  await editor.page.keyboard.type('x');
  const refused = editor.page.locator('.monaco-editor-overlaymessage').first();
  await refused.waitFor();
  expect(await refused.innerText()).toContain('read-only');
  await editor.screenshot('language-12-bundled');
  await expect.poll(() => editor.errors()).toBe(0);
  await editor.closeAll();
});

test('a new file begins with a published network, which is scored at once', async () => {
  await editor.command('Archlens: New Architecture File');
  const list = editor.page.locator('.quick-input-list .monaco-list-row');
  await expect.poll(async () => (await list.allInnerTexts()).join('\n')).toContain('Small residual network');
  await editor.screenshot('language-13-new-file');
  await editor.page.keyboard.type('ResNet-20 option B');
  await expect
    .poll(async () => (await list.allInnerTexts()).join('\n'))
    .toMatch(/^[^]*ResNet-20 option B[^]*94\.03 %/);
  await editor.page.keyboard.press('Enter');
  await editor.page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
  expect(await editor.text()).toMatch(/^\/\/ ResNet-20 option B\n[^]*\nmodel ResNet20B = /);
  await editor.lens(/VKDNW \d\.\d{3} ± /, 300_000);
  expect(await editor.errors()).toBe(0);
  await editor.screenshot('language-14-begun');
  await editor.closeAll();
});
