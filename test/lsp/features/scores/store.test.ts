import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearStore } from '../../../../server/protocol/protocol.ts';
import { expectLens, settledLens, TestClient } from '../../support/client.ts';

const quick = { score: { seeds: 3, debounce: 20 } };
const text = `model Tiny {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> relu
  gap -> dense(classes)
}
`;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function storedDraws(): number {
  return readdirSync(join(folder, 'scores'), { recursive: true }).filter((name) =>
    String(name).endsWith('.json'),
  ).length;
}

/** A window that opens a text: the settled lens, and the states its engine went through. */
async function openAndClose(source: string, settings: Readonly<Record<string, unknown>> = quick) {
  await using client = await TestClient.start({ settings, store: folder });
  const document = await client.open('tiny.arch', source);
  const lens = await expectLens(document, 'Tiny', settledLens);
  return { lens, engine: client.engine?.state };
}

describe('stored scores', () => {
  test('answer in another window, renamed and reformatted, without an engine', async () => {
    const first = await openAndClose(text);
    // Three that are settled, of which two were shown before.
    expect(storedDraws()).toBe(3);
    expect(first.engine).toMatch(/busy|idle/);
    const again = await openAndClose(text.replace('  conv', '\n  // so\n  conv'));
    expect(again.lens).toBe(first.lens);
    expect(again.engine).toBe('stopped');
    expect(storedDraws()).toBe(3);
  });

  test('are extended by more seeds', async () => {
    await openAndClose(text);
    await openAndClose(text, { score: { ...quick.score, seeds: 5 } });
    expect(storedDraws()).toBe(5);
  });

  test('are removed on request, and what is on display stays', async () => {
    await using client = await TestClient.start({ settings: quick, store: folder });
    const document = await client.open('tiny.arch', text);
    const lens = await expectLens(document, 'Tiny', settledLens);
    const removed = await client.connection.sendRequest(clearStore);
    expect(removed).toMatchObject({ entries: 3 });
    expect(storedDraws()).toBe(0);
    expect((await document.lenses())[0]?.command?.title).toBe(lens);
    expect(await client.connection.sendRequest(clearStore)).toEqual({ entries: 0, bytes: 0 });
  });

  test('are not kept where the user wants none', async () => {
    const none = { ...quick, store: { sizeLimit: 0 } };
    await openAndClose(text, none);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a score that settles', () => {
  test('changes its lens twice: from measuring to the quick number, which goes on to the last', async () => {
    await using client = await TestClient.start({ settings: { score: { debounce: 0, seeds: 6 } } });
    const document = await client.open(
      'tiny.arch',
      text.replace('8x8x3', '32x32x3').replace('conv(8', 'conv(24'),
    );
    const titles: string[] = [];
    await client.until('the settled score', async () => {
      const [lens] = await document.lenses();
      const title = lens?.command?.title ?? '(none)';
      if (titles.at(-1) !== title) titles.push(title);
      return settledLens.test(title) ? title : undefined;
    });
    const stages = titles.map((title) => {
      if (title.startsWith('⟳') || title.endsWith('measuring…')) return 'measuring';
      return title.endsWith(' ⟳') ? 'quick' : 'settled';
    });
    expect(stages.at(-1)).toBe('settled');
    expect(['measuring', 'quick', 'settled'].slice(-stages.length)).toEqual(stages);
    for (const title of titles.slice(-2)) expect(title).toContain('±');
  });
});
