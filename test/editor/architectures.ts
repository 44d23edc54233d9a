// The view "Architectures", and the leaderboard, as tests look at them.
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Editor } from './harness.ts';

/** The text of a model whose depth and width decide its score and size. */
export function net(name: string, width: number, depth: number): string {
  return `model ${name} {
  input 16x16x3
  classes 10
  ${Array.from({ length: depth }, () => `conv(${width}, 3x3) -> bn -> relu`).join(' -> ')}
  gap -> dense(classes)
}
`;
}

export class Architectures {
  readonly #editor: Editor;

  private constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Shows the view. */
  static async open(editor: Editor): Promise<Architectures> {
    // A click on the tab of a view that is shown hides it.
    const isShown = await editor.page
      .locator('.sidebar .composite.title', { hasText: 'Archlens' })
      .isVisible();
    if (!isShown) await editor.page.getByRole('tab', { name: /^Archlens/ }).click();
    return new Architectures(editor);
  }

  /** The rows from top to bottom as a screen reader says them: model, rank, numbers, file. */
  async rows(): Promise<string[]> {
    return await this.#editor.page
      .locator('.pane-body [role="treeitem"]')
      .evaluateAll((items) =>
        items
          .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
          .map((item) => item.getAttribute('aria-label') ?? ''),
      );
  }

  /** Waits for a row that reads like this. */
  async until(pattern: RegExp, timeout = 300_000): Promise<void> {
    await expect
      .poll(() => this.rows(), { timeout })
      .toEqual(expect.arrayContaining([expect.stringMatching(pattern)]));
  }

  /** Waits until the rows are of these models or files, in this order. */
  async untilNames(...names: readonly string[]): Promise<void> {
    await expect.poll(async () => (await this.rows()).map((row) => row.split(', ')[0])).toEqual([...names]);
  }

  row(text: string): Locator {
    return this.#editor.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  }

  /** Selects rows, the first of which is opened by that. */
  async select(first: string, ...others: readonly string[]): Promise<void> {
    await this.row(first).click();
    // The file takes the focus when it is there, from a menu too.
    await this.#editor.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
    for (const other of others) await this.row(other).click({ modifiers: ['Control'] });
  }

  /** What stands above the rows. */
  async message(): Promise<string> {
    const texts = await this.#editor.page.locator('.pane-body .message:visible').allInnerTexts();
    return texts.join(' ').replaceAll('\u00a0', ' ').trim();
  }

  /** A button of the view's title. */
  async press(title: string): Promise<void> {
    await this.row('').hover();
    await this.#editor.page.locator(`.sidebar .action-label[aria-label^="${title}"]`).first().click();
  }

  /** Chooses from the context menu of a row. */
  async menu(row: string, item: string): Promise<void> {
    await this.row(row).click({ button: 'right' });
    // A menu that has just opened takes no click: the button may still be on its way up.
    await this.#editor.page.locator('.monaco-menu .action-item', { hasText: item }).first().hover();
    await this.#editor.page.keyboard.press('Enter');
    await this.#editor.page.locator('.monaco-menu').waitFor({ state: 'detached' });
  }

  /** Something in the leaderboard. */
  inLeaderboard(selector: string, options: { readonly hasText?: string | RegExp } = {}): Locator {
    return this.#editor.webview().locator(selector, options);
  }
}
