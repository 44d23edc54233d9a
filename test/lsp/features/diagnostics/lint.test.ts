import { describe, expect, test } from 'vitest';
import { messageText, TestClient } from '../../support/client.ts';

function model(body: string): string {
  return `model M {\n  input 8x8x4\n  classes 10\n${body}\n  gap -> dense(classes)\n}\n`;
}

describe('lint', () => {
  test('is published with tags, links and the severities of the settings', async () => {
    await using client = await TestClient.start({
      settings: { diagnostics: { severity: { 'two-activations': 'error', 'shadowed-name': 'off' } } },
    });
    const document = await client.open(
      'a.arch',
      `block X() { relu }\n${model('let gap_ = 1\nrelu -> relu\nlet relu = 2')}`,
    );
    const found = await client.until('the severities', () => {
      const known = client.diagnostics.get(document.uri)?.diagnostics ?? [];
      return known.some(({ code, severity }) => code === 'two-activations' && severity === 1)
        ? known
        : undefined;
    });
    expect(found.map(({ code, severity, tags }) => [code, severity, tags])).toEqual([
      ['unused-block', 4, [1]],
      ['unused-name', 4, [1]],
      ['two-activations', 1, undefined],
      ['unused-name', 4, [1]],
    ]);
    expect(found[0]?.codeDescription?.href).toMatch(/^file:.*docs\/diagnostics\.md#unused-block$/);
    expect(messageText(found[2]!.message)).toContain('changes nothing');
  });

  test('knows what closed files import', async () => {
    await using client = await TestClient.start();
    await client.write('other.arch', 'import { X } from "./a.arch"\nblock Y() { X }\n');
    const document = await client.open('a.arch', `block X() { relu }\nblock Z() { relu }\n${model('bn')}`);
    const codes = await client.until('only what nothing imports', () => {
      const known = client.diagnostics.get(document.uri)?.diagnostics;
      return known?.length === 1 ? known.map(({ range }) => document.textOf(range)) : undefined;
    });
    expect(codes).toEqual(['Z']);
  });
});
