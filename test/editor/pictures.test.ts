// The pictures that the README opens with, made from what the editor shows. `npm run pictures` keeps them.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/node24.mjs';
import { around, Capture, type Box } from './capture.ts';
import { Editor, settledLens } from './harness.ts';

let editor: Editor;
let capture: Capture;

const patience = 300_000;
const window = { width: 1280, height: 800 };

beforeAll(async () => {
  editor = await Editor.connect();
  // Nothing in the pictures but what they are about.
  editor.settings({ 'breadcrumbs.enabled': false, 'editor.renderLineHighlight': 'none' });
  await editor.theme('dark');
  capture = await Capture.start(editor.page, window.width, window.height);
});

afterAll(async () => {
  await capture.stop();
  await editor.closeAll();
  await editor.page.getByRole('tab', { name: /^Explorer/ }).click();
});

async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('What is to be in the picture is not on the screen.');
  return box;
}

/** Writes a picture, and looks whether there is something on it: an empty one compresses to almost nothing. */
async function picture(name: string, clip: Box): Promise<void> {
  const file = join(root, 'test-results', 'pictures', `${name}.png`);
  await capture.write(file, clip);
  expect(statSync(file).size).toBeGreaterThan(30_000);
}

function firstGroup(): Locator {
  return editor.page.locator('.editor-group-container').first();
}

/** The part of the editor's group down to its last line. */
async function written(): Promise<Box> {
  const { x, y, width } = await boxOf(firstGroup());
  const bottoms = await editor.page
    .locator('.editor-instance .view-line')
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().bottom));
  return { x, y, width, height: Math.max(...bottoms) - y };
}

describe('the pictures of the README', () => {
  test('lenses and hints in a file', async () => {
    await editor.open('resnet20.arch');
    await editor.lens(settledLens, patience);
    await expect.poll(async () => (await editor.lines()).some((line) => line.includes('8x8x64'))).toBe(true);
    await picture('lenses', await written());
  });

  test('a hover', async () => {
    await expect
      .poll(() => editor.hover('conv', 'residual {'), { timeout: patience, interval: 1000 })
      .toMatch(/of the trace/);
    const { x, width } = await boxOf(firstGroup());
    const hover = await boxOf(editor.page.locator('.monaco-hover:not(.hidden)').first());
    await picture('hover', { ...around([hover], 40), x, width });
  });

  test('the panel', async () => {
    await editor.page.keyboard.press('Escape');
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await capture.resize(1280, 1180);
    await editor.command('Archlens: Show Spectrum');
    const panel = editor.webview();
    await expect
      .poll(async () => (await panel.locator('.contributions p').first().textContent()) ?? '', {
        timeout: patience,
      })
      .toBe('Share of the trace of the Fisher information.');
    await editor.page.waitForTimeout(500);
    const groups = editor.page.locator('.editor-group-container');
    const { x, y, width } = around([await boxOf(groups.first()), await boxOf(groups.last())], 0);
    const next = await boxOf(panel.locator('.contributions h2'));
    await picture('panel', { x, y, width, height: next.y - 16 - y });
    await editor.closeAll();
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await capture.resize(window.width, window.height);
  });

  test('the leaderboard', async () => {
    await capture.resize(window.width, 1060);
    await editor.page.getByRole('tab', { name: /^Archlens/ }).click();
    await editor.command('Archlens: Rank Workspace');
    await editor.command('Archlens: Show Leaderboard');
    const page = editor.webview();
    await page.locator('.status').filter({ hasText: 'up to date' }).waitFor({ timeout: 300_000 });
    await page.locator('[data-figure="scatter"] [data-id]').first().waitFor();
    await editor.page.waitForTimeout(500);
    await picture(
      'leaderboard',
      around([await boxOf(editor.page.locator('.part.sidebar')), await boxOf(firstGroup())], 0),
    );
  });
});
