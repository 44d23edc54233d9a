// A person's way through the main job, in the real editor with the packaged extension.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/node24.mjs';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;

/** Scoring takes its time on a machine that also draws an editor. */
const patience = 300_000;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** Changes the text in one edit, and waits until it is drawn. */
async function change(edit: (text: string) => string, shows: string): Promise<void> {
  await editor.setText(edit(await editor.text()));
  await expect.poll(async () => (await editor.lines()).some((line) => line.includes(shows))).toBe(true);
}

/** Changes the width of the first stage. */
async function widen(from: number, to: number): Promise<void> {
  await change(
    (text) =>
      text
        .replace(`conv(${from}, 3x3)`, `conv(${to}, 3x3)`)
        .replace(`(${from}, 1)`, `(${to}, 1)`)
        .replace(`: 32x32x${from}`, `: 32x32x${to}`),
    `: 32x32x${to}`,
  );
}

/** The number of a lens, without what is compared with it: that changes as the ranking of the workspace goes on behind. */
function numberOnly(lens: string): string {
  return lens.replace(/ · (?:above \d+ %|within noise|[+−]?\d\.\d{3} ± \d\.\d{3})/, '');
}

/** Waits for a settled score that is not this one. */
async function anotherLens(before: string): Promise<string> {
  const isOther = (lens: string): boolean => settledLens.test(lens) && lens !== before;
  const others = async (): Promise<readonly string[]> =>
    (await editor.lenses()).map(numberOnly).filter(isOther);
  let other: string | undefined;
  await expect.poll(async () => ([other] = await others()).length, { timeout: patience }).toBeGreaterThan(0);
  return other!;
}

interface CliScore {
  readonly model: string;
  readonly vkdnw: number;
  readonly vkdnwSe: number;
}

/** What the command line says of a model, as a lens writes it. */
function fromCli(file: string, model: string): string {
  const output = execFileSync(
    process.execPath,
    [join(root, 'dist', 'cli.cjs'), 'score', join(root, 'examples', file), '--model', model, '--json'],
    { encoding: 'utf8' },
  );
  const [score] = JSON.parse(output) as CliScore[];
  if (score === undefined) throw new Error(`The command line gives no score: ${output}`);
  const { vkdnw, vkdnwSe } = score;
  const entropy = `${vkdnw.toFixed(3)} ± ${vkdnwSe.toFixed(3)}`;
  return `VKDNW ${entropy} ▰`;
}

describe('a network in the editor', () => {
  let first: string;
  let second: string;

  test('is scored as on the command line', async () => {
    const expected = fromCli('resnet20.arch', 'ResNet20');
    await editor.open('resnet20.arch');
    // Until it has been answered, the editor draws the lenses that it remembers of the file.
    await expect
      .poll(
        async () =>
          (first = numberOnly((await editor.lenses()).find((lens) => settledLens.test(lens)) ?? '')),
        { timeout: patience },
      )
      .toContain(expected);
    await editor.screenshot('01-scored');
    expect(await editor.errors()).toBe(0);
  });

  test('shows shapes in the text', async () => {
    const lines = await editor.lines();
    expect(lines.some((line) => /conv\(out, 3x3\) -> bn.*32x32x16 … 8x8x64/.test(line))).toBe(true);
  });

  test('tells on hover what an op contributes', async () => {
    // The inside of a score is looked into after the score.
    let text = '';
    await expect
      .poll(async () => (text = await editor.hover('conv', 'classes 10')), {
        timeout: patience,
        interval: 1000,
      })
      .toMatch(/of the trace/);
    await editor.screenshot('02-hover-op');
    expect(text).toMatch(/Convolution of an image/);
    expect(text).toMatch(/32x32x3 → 32x32x16/);
    expect(text).toMatch(/Fisher information: .* [\d.]+ % ± (< )?[\d.]+ % of the trace/);
    const inside = await editor.hover('conv', 'residual {');
    await editor.screenshot('03-hover-call-sites');
    expect(inside).toMatch(/9 places in ResNet20/);
    expect(inside).toMatch(/BasicBlock\(32, stride = 2\)/);
  });

  test('tells on hover of its name where the score comes from', async () => {
    const text = await editor.hover('ResNet20', 'model ');
    await editor.screenshot('04-hover-model');
    expect(text).toMatch(/0\.27 M/);
    expect(text).toMatch(/sketch:1, N 64, P 128, M 16, S 4, seed 0/);
  });

  test('has another score with another width', async () => {
    await widen(16, 24);
    await editor.screenshot('05-width-changed');
    second = await anotherLens(first);
    await editor.screenshot('06-width-scored');
  });

  test('keeps the last score, marked, while the text has an error', async () => {
    await change((text) => text.replace('classes 10', 'classes 10 ]'), 'classes 10 ]');
    const stale = await editor.lens(/stale: 1 error/);
    await expect.poll(() => editor.errors()).toBe(1);
    await editor.screenshot('07-syntax-error');
    expect(numberOnly(stale.replace(' (stale: 1 error)', ''))).toBe(second);
    expect(await editor.problems()).toHaveLength(1);
  });

  test('has a fresh score once it is repaired', async () => {
    await change((text) => text.replace('classes 10 ]', 'classes 20').replace(': 10', ': 20'), 'classes 20');
    await anotherLens(second);
    await editor.screenshot('08-repaired');
    expect(await editor.errors()).toBe(0);
  });

  test('is scored although the engine is killed in the middle', async () => {
    // Long enough to be met in the middle.
    editor.settings({ 'archlens.score.seeds': 16 });
    await widen(24, 32);
    await editor.lens(/⟳|measuring/, patience);
    const pids = editor.enginePids();
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await editor.screenshot('09-engine-killed');
    await editor.lens(settledLens, patience);
    await editor.screenshot('10-scored-after-the-kill');
    expect(editor.enginePids()).not.toEqual(pids);
    await expect.poll(() => editor.notifications()).toEqual([]);
    editor.settings({ 'archlens.score.seeds': undefined });
  });

  test('has a status item with the engine, and actions behind it', async () => {
    await expect.poll(() => editor.status()).toContainEqual(expect.stringMatching(/onnx-cpu|tfjs-wasm/));
    await editor.page.locator('.statusbar-item', { hasText: /onnx-cpu|tfjs-wasm/ }).click();
    await editor.page
      .locator('.quick-input-widget .monaco-list-row', { hasText: 'Restart Engine' })
      .waitFor();
    await editor.screenshot('11-engine-actions');
    await editor.page.keyboard.press('Escape');
  });

  test('has a page that says everything about the score', async () => {
    await editor.page.locator('.codelens-decoration a').first().click();
    const page = editor.webview();
    await page.locator('h1', { hasText: 'ResNet20' }).waitFor();
    await page.getByText('Where the number comes from').waitFor();
    await editor.screenshot('12-score-page');
    await editor.theme('light');
    // A webview is drawn anew in another theme.
    await editor.page.waitForTimeout(1000);
    await page.getByText('Where the number comes from').waitFor();
    await editor.screenshot('13-score-page-light');
    await editor.theme('dark');
  });

  test('looks right in the light theme', async () => {
    await editor.closeAll();
    await editor.theme('light');
    await editor.open('resnet20.arch');
    await editor.lens(settledLens, patience);
    await editor.hover('conv', 'classes 10');
    await editor.screenshot('14-light');
    await editor.theme('dark');
  });
});
