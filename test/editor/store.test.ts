import { beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './harness.ts';

describe('stored scores', () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.connect();
  });

  test('are removed by a command, which says how many there were', async () => {
    await editor.open('resnet20.arch');
    await editor.lens(/VKDNW [\d.]+ ± [\d.]+ ▰/, 300_000);
    await editor.command('Archlens: Clear Stored Scores');
    const notification = editor.page.locator('.notification-toast', { hasText: 'stored results' }).first();
    await notification.waitFor();
    expect(await notification.textContent()).toMatch(/Removed \d+ stored results \([\d.]+ [kM]B\)\./);
    await editor.screenshot('store-cleared');
    // What is on display stays.
    await editor.lens(/VKDNW [\d.]+ ± [\d.]+ ▰/);
    await editor.command('Notifications: Clear All Notifications');
    expect(await editor.errors()).toBe(0);
  });
});
