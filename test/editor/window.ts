// What a person does in the editor, for tests: commands, files and text.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { place } from './place.ts';

/** A page compiles the whole workbench, perhaps on a machine that is busy (milliseconds). */
const startUp = 120_000;

export class Window {
  /** The page, for what has no helper. */
  readonly page: Page;
  /** The folder that is open: a copy of examples/, without the zoo. */
  readonly workspace = place().workspace;

  constructor(page: Page) {
    this.page = page;
  }

  // Commands and files

  /** Reloads the window, and waits until it is there again. */
  async reload(): Promise<void> {
    // In a browser the editor writes down its layout and what panels keep every five seconds, not on the way out.
    await this.page.waitForTimeout(8000);
    await this.page.reload({ timeout: startUp });
    await this.page.getByRole('tab', { name: /^Explorer/ }).waitFor({ timeout: startUp });
    await this.focus();
  }

  /** Runs a command by its title in the command palette. */
  async command(title: string): Promise<void> {
    await this.#quickInput('F1', `>${title}`, title);
  }

  /** Opens a file of the workspace and waits until its text is there. */
  async open(file: string): Promise<void> {
    await this.#quickInput('Control+P', file, file);
    await this.page.locator(`.tab.active[data-resource-name="${file.split('/').at(-1) ?? file}"]`).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
    await this.focus();
  }

  /** Writes a file into the workspace from outside the editor. */
  write(file: string, text: string): void {
    writeFileSync(join(this.workspace, file), text);
  }

  /** Closes every editor without saving. */
  async closeAll(): Promise<void> {
    const tabs = this.page.locator('.tabs-container .tab');
    while ((await tabs.count()) > 0) {
      const before = await tabs.count();
      await this.command('View: Revert and Close Editor');
      await tabs.nth(before - 1).waitFor({ state: 'detached' });
    }
  }

  /** Puts the keyboard focus into the text. */
  async focus(): Promise<void> {
    const text = this.page.locator('.editor-instance .monaco-editor.focused');
    // Keys that are pressed in a webview come late: what follows must not go there, too.
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+1');
      try {
        await text.first().waitFor({ timeout: 1000 });
        return;
      } catch {
        // There may be no text in the first group; who needs one finds out.
      }
    }
  }

  async #quickInput(key: string, text: string, label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input[type="text"]').first();
    for (let attempt = 1; ; attempt += 1) {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press(key);
      try {
        await input.waitFor({ timeout: 5000 });
        await input.fill(text);
        const row = widget.locator('.monaco-list-row').filter({ hasText: label }).first();
        await row.waitFor({ timeout: 10_000 });
        // What was done before may still take the focus, which closes the list.
        await row.click({ timeout: 5000 });
        await input.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => undefined);
        return;
      } catch (error) {
        // The focus may have been in a webview or on its way elsewhere.
        if (attempt === 20) throw new Error(`"${label}" was not offered for "${text}".`, { cause: error });
      }
    }
  }

  // Text

  /** The whole text of the active editor. */
  async text(): Promise<string> {
    await this.focus();
    await this.page.evaluate(() => navigator.clipboard.writeText(''));
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Control+C');
    await this.page.waitForFunction(async () => (await navigator.clipboard.readText()) !== '');
    const text = await this.page.evaluate(() => navigator.clipboard.readText());
    await this.page.keyboard.press('Control+Home');
    return text.replaceAll('\r\n', '\n');
  }

  /** Replaces the whole text in one edit. */
  async setText(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+A');
    await this.#paste(text);
  }

  /** Selects the first occurrence of a text (or the one after `after`), typed or pasted over next. */
  async select(text: string, after = ''): Promise<void> {
    const all = await this.text();
    const from = all.indexOf(after);
    const start = from === -1 ? -1 : all.indexOf(text, from + after.length);
    if (start === -1) throw new Error(`The editor does not hold "${text}".`);
    const lines = all.slice(0, start).split('\n');
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor();
    await input.fill(`:${lines.length}:${(lines.at(-1) ?? '').length + 1}`);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
    let left = text.length;
    while (left-- > 0) await this.page.keyboard.press('Shift+ArrowRight');
  }

  /** Replaces the first occurrence of a text (after `after`) in one edit. */
  async replace(text: string, by: string, after = ''): Promise<void> {
    await this.select(text, after);
    if (by === '') await this.page.keyboard.press('Delete');
    else await this.#paste(by);
  }

  async #paste(text: string): Promise<void> {
    await this.page.evaluate((wanted) => navigator.clipboard.writeText(wanted), text);
    await this.page.keyboard.press('Control+V');
  }

  /** Types at the cursor, key by key. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 20 });
  }

  /** Saves the file in front and waits until it is on the disk. */
  async save(): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').first().waitFor({ state: 'detached' });
  }

  /** Takes the last edit back. */
  async undo(): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+Z');
  }
}
