// Choosing an engine, in the real editor with the packaged extension.
import { beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './harness.ts';

let editor: Editor;
/** Testing every engine of the machine. */
const patience = 300_000;

beforeAll(async () => {
  editor = await Editor.connect();
});

/** The lines of the quick pick, white space made one blank. */
async function picks(): Promise<string[]> {
  const rows = await editor.page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
  return rows.map((row) => row.replaceAll(/\s+/g, ' ').trim());
}

/** Types into the question that is on the screen, and takes the first row. */
async function answer(text: string): Promise<void> {
  const input = editor.page.locator('.quick-input-widget input[type="text"]').first();
  await input.fill(text);
  await input.press('Enter');
}

describe('Choosing an engine', () => {
  test('lists all engines with device, speed, state and reason', { timeout: 900_000 }, async () => {
    await editor.open('resnet20.arch');
    await editor.command('Archlens: Choose Engine');
    await expect.poll(async () => (await picks()).length, { timeout: patience }).toBeGreaterThan(1);
    const all = async (): Promise<string> => (await picks()).join('\n');
    await expect
      .poll(all, { timeout: patience })
      .toMatch(/tfjs-wasm ?WebAssembly( SIMD)? · [\d.]+ GFLOP\/s · ready/);
    await expect.poll(all, { timeout: patience }).toMatch(/onnx-cpu ?CPU · [\d.]+ GFLOP\/s · (in use|ready)/);
    expect(await all()).toMatch(/onnx-webgpu ?(unavailable ?WebGPU finds no GPU|.* GFLOP\/s)/);
    expect(await all()).toContain('tfjs-node-gpu is not installed');
    await editor.screenshot('choose-engine');
  });

  test('takes the chosen one, and the status item says so', { timeout: 900_000 }, async () => {
    await answer('tfjs-wasm');
    await editor.command('Archlens: Score Models Now');
    await expect
      .poll(async () => (await editor.status()).join(' '), { timeout: patience })
      .toContain('tfjs-wasm');
    await editor.screenshot('chosen-engine');
    await editor.command('Archlens: Choose Engine');
    await answer('auto');
    await expect
      .poll(async () => (await editor.status()).join(' '), { timeout: patience })
      .not.toContain('tfjs-wasm');
  });

  test(
    'asks before it downloads the CUDA engine, and says what is missing',
    { timeout: 900_000 },
    async () => {
      await editor.command('Archlens: Install the CUDA Engine');
      const dialog = editor.page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      const text = await dialog.innerText();
      expect(text).toContain('storage.googleapis.com');
      expect(text).toContain('node scripts/install.js gpu download');
      expect(text).toContain('CUDA 11.2 (libcudart.so.11.0)');
      await editor.screenshot('install-cuda');
      await editor.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    },
  );
});
