// What a person sees in the editor, for tests, and what is around it; what the person does is in `window.ts`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type FrameLocator } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { copyExamples } from '../../scripts/examples.mjs';
import { root } from '../../scripts/node24.mjs';
import { middleOf, noteTexts } from './in-page.ts';
import { place } from './place.ts';
import { processes } from './processes.ts';
import { Window } from './window.ts';

/** How long the editor may take to show something. */
const patience = { timeout: 30_000, interval: 100 };

/** Names of the editor's themes, and how its workbench is marked in them. */
const themes = {
  light: ['Light Modern', 'vs'],
  dark: ['Dark Modern', 'vs-dark'],
  'high-contrast': ['Default High Contrast', 'hc-black'],
  'high-contrast-light': ['Default High Contrast Light', 'hc-light'],
} as const;

export type Theme = keyof typeof themes;

/** The lens of a score that is of the text as it is, and settled. */
export const settledLens =
  /VKDNW \d\.\d{3} ± \d\.\d{3} [▰▱]{6}(?: · (?:above \d+ %|within noise|[+−]?\d\.\d{3} ± \d\.\d{3}))?(?: \||$)/;

/** Non-breaking spaces are how Monaco draws plain ones. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u200b]/g, (space) => (space === '\u00a0' ? ' ' : ''));
}

let shared: Editor | undefined;

afterEach(async ({ task }) => {
  const name = task.name.replaceAll(/[^\w]+/g, '-').slice(0, 60);
  if (task.result?.state === 'fail') await shared?.screenshot(`failed-${name}`);
});

export class Editor extends Window {
  /** The one page that all test files of this worker share. Call once per test file. */
  static async connect(): Promise<Editor> {
    const browser = await chromium.connectOverCDP(place().browser);
    const context = browser.contexts()[0];
    const page = context?.pages()[0];
    if (context === undefined || page === undefined) throw new Error('The shared browser page is gone.');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1400, height: 900 });
    shared = new Editor(page);
    await shared.closeAll();
    // What the tests of another file left in the workspace is no matter of the next.
    copyExamples(shared.workspace);
    return shared;
  }

  // What is shown

  /** The visible lines from top to bottom as they are drawn, inlay hints included. */
  async lines(): Promise<string[]> {
    const lines = await this.page.locator('.editor-instance .view-lines .view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.map(plain);
  }

  /** The visible code lenses from top to bottom: one text per line, its parts as the editor joins them. */
  async lenses(): Promise<string[]> {
    const texts = await this.page.locator('.editor-instance .codelens-decoration').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return texts.map(plain).filter((text) => text !== '');
  }

  /** Waits for a code lens and returns its text. */
  async lens(matching: RegExp, timeout = patience.timeout): Promise<string> {
    let found: string | undefined;
    await expect
      .poll(
        async () => {
          const lenses = await this.lenses();
          found = lenses.find((text) => matching.test(text));
          return found ?? lenses;
        },
        { ...patience, timeout },
      )
      .toEqual(expect.stringMatching(matching));
    return found ?? '';
  }

  /**
   * Notes every text that a code lens shows from now on, however briefly: states that come and go between two looks.
   * The returned function stops it and gives the texts in order.
   */
  async recordLenses(): Promise<() => Promise<string[]>> {
    const recorder = await this.page.evaluateHandle(noteTexts, '.editor-instance .codelens-decoration');
    return async () => {
      const seen = await recorder.evaluate(({ stop }) => stop());
      await recorder.dispose();
      return seen.map(plain);
    };
  }

  /** Points at a text (its first visible occurrence, or the one after `after`) and returns what the hover says. */
  async hover(text: string, after = ''): Promise<string> {
    const contents = this.page.locator('.monaco-hover:not(.hidden) .hover-contents');
    for (let attempt = 1; ; attempt += 1) {
      await this.page.keyboard.press('Escape');
      await this.page.mouse.move(700, 890);
      await contents.first().waitFor({ state: 'hidden' });
      const { x, y } = await this.#locate(text, after);
      await this.page.mouse.move(x - 1, y);
      await this.page.mouse.move(x, y, { steps: 3 });
      try {
        await contents.first().waitFor({ timeout: 5000 });
        // Providers answer one by one: what is read is what stands still.
        let previous = '';
        let current = plain((await contents.allInnerTexts()).join('\n'));
        while (current !== previous || /^Loading\b/.test(current)) {
          await this.page.waitForTimeout(200);
          previous = current;
          current = plain((await contents.allInnerTexts()).join('\n'));
        }
        return current;
      } catch (error) {
        if (attempt === 3) throw new Error(`No hover over "${text}".`, { cause: error });
      }
    }
  }

  /** The middle of a text on the screen. */
  async #locate(text: string, after: string): Promise<{ x: number; y: number }> {
    const place = await this.page
      .locator('.editor-instance .view-lines')
      .first()
      .evaluate(middleOf, [text, after] as const);
    if (place === undefined) throw new Error(`"${text}" is not visible.`);
    return place;
  }

  /** The rows of the problems view, one text each, without the rows that name files. Closes the view again. */
  async problems(): Promise<string[]> {
    await this.command('Problems: Focus on Problems View');
    const panel = this.page.locator('.markers-panel');
    await panel.waitFor();
    await this.page.waitForTimeout(300);
    const rows = await panel
      .locator('.monaco-list-row .marker-details, .monaco-list-row .marker-message-details-container')
      .allInnerTexts();
    await this.command('View: Hide Panel');
    await this.focus();
    return rows.map((row) => plain(row).replaceAll(/\s+/g, ' ').trim());
  }

  /** How many places the editor underlines as errors. */
  async errors(): Promise<number> {
    return await this.page.locator('.editor-instance .squiggly-error').count();
  }

  /** The texts of the status bar. */
  async status(): Promise<string[]> {
    const texts = await this.page.locator('.statusbar-item:visible').allInnerTexts();
    return texts.map((text) => plain(text).trim()).filter((text) => text !== '');
  }

  /** The notifications on the screen. */
  async notifications(): Promise<string[]> {
    const texts = await this.page
      .locator('.notification-toast:visible .notification-list-item-message')
      .allInnerTexts();
    return texts.map(plain);
  }

  /** The visible suggestions, after Control+Space. */
  async suggestions(): Promise<string[]> {
    await this.page.keyboard.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    const labels = await rows.locator('.label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return labels.map(plain);
  }

  /** The visible rows of a view in the side bar or panel. */
  async rows(view: string): Promise<string[]> {
    const pane = this.page
      .locator('.pane')
      .filter({ has: this.page.locator('.pane-header', { hasText: view }) });
    const rows = await pane.locator('.monaco-list-row').allInnerTexts();
    return rows.map((row) => plain(row).replaceAll(/\s+/g, ' ').trim());
  }

  /** The document inside the webview on the screen. */
  webview(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready')
      .last()
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  // Surroundings

  /** Keeps a picture of the page in test-results/. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, 'test-results');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** Changes settings of the workspace; undefined takes one back. The editor notices within a second or so. */
  settings(changes: Record<string, unknown>): void {
    const folder = join(this.workspace, '.vscode');
    const file = join(folder, 'settings.json');
    mkdirSync(folder, { recursive: true });
    const settings = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
      : {};
    writeFileSync(file, JSON.stringify({ ...settings, ...changes }, null, 2));
  }

  /** Switches the colour theme and waits until it is on. */
  async theme(theme: Theme): Promise<void> {
    const [name, mark] = themes[theme];
    this.settings({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
    await this.page.waitForTimeout(300);
  }

  /** The processes of the extension's engine, newest last. */
  enginePids(): number[] {
    const bundle = join(place().hostData, 'extensions');
    return processes()
      .filter(({ command }) => command.includes(bundle) && command.includes('engine.cjs'))
      .map(({ pid }) => pid)
      .sort((a, b) => a - b);
  }
}
