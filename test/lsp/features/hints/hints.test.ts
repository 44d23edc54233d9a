import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InlayHintRequest } from 'vscode-languageserver-protocol/node';
import { TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';
import { residual } from '../../support/texts.ts';

let client: TestClient;
let files = 0;

beforeAll(async () => {
  // What is tested here needs no engine.
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

async function open(text: string): Promise<OpenDocument> {
  files += 1;
  return await client.open(`file-${files}.arch`, text);
}

describe('hints', () => {
  test('the shape after every statement; several shapes compactly', async () => {
    const document = await open(residual);
    const hints = await document.hints();
    expect(hints).toContain('conv(width, 3x3) -> bn -> relu ⟹ 32x32x16');
    expect(hints).toContain('conv(out, 3x3) -> bn ⟹ 32x32x16 … 8x8x64');
    // Written already: `: 10`.
    expect(hints.filter((hint) => hint.startsWith('gap'))).toEqual([]);
  });

  test('what loop variables go through, unless it stands there', async () => {
    const document = await open(
      residual.replace('gap ->', 'for k in [3x3, 5x5] { conv(64, k) } repeat 12 as n { bn } gap ->'),
    );
    const hints = await document.hints();
    expect(hints).toContain('for (c ⟹ : 16, 32, 64');
    expect(hints).toContain('repeat 2 as i ⟹ : 0, 1');
    expect(hints.find((hint) => hint.includes('repeat 12 as n ⟹'))).toMatch(/: 0, 1 … 11$/);
    expect(hints.filter((hint) => hint.endsWith('3x3'))).toEqual([]);
  });

  test('in a space they are of one member, and say so', async () => {
    const document = await open(
      'space S {\n  input 8x8x3\n  classes 4\n  repeat choice(1, 2, 3) as i { conv(8, 3x3) }\n  gap -> dense(classes)\n}\n',
    );
    const hints = await document.hints();
    expect(hints).toContain('repeat choice(1, 2, 3) as i ⟹ : e.g. 0');
    expect(hints.find((hint) => hint.includes('conv(8, 3x3) ⟹'))).toMatch(/e\.g\. 8x8x8$/);
  });

  test('parameters of bare arguments: of blocks, or of ops too', async () => {
    const text = residual.replace('Basic(c, ', 'Basic(8, ');
    expect(await (await open(text)).hints()).toContain('repeat 2 as i { Basic( ⟹ out:');
    await using other = await TestClient.start({
      settings: { inlayHints: { parameterNames: 'all' }, score: { onType: false } },
    });
    const hints = await (
      await other.open('all.arch', `${text}\nmodel Broken { conv(8, 3x3) -> -> }`)
    ).hints();
    expect(hints).toContain('model Broken { conv( ⟹ out:');
    expect(hints).toContain('model Broken { conv(8, ⟹ kernel:');
    // Of `conv(width, …)` and of the broken model; `conv(out, …)` says it itself.
    expect(hints.filter((hint) => hint.endsWith('conv( ⟹ out:'))).toHaveLength(2);
  });

  test('lead to what they are about, in other files too', async () => {
    await client.write(
      'hinted.arch',
      'let rows = [(8, 1), (16, 2)]\nblock Far(n, s) { conv(n, 3x3, stride = s) }\n',
    );
    const document = await open(
      'import { Far, rows } from "./hinted.arch"\nmodel M { input 8x8x3 classes 10\n  for (c, t) in rows { Far(c, t) }\n  gap -> dense(classes)\n}\n',
    );
    const hints = await client.connection.sendRequest(InlayHintRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    });
    const parts = (hints ?? []).flatMap(({ label }) => (typeof label === 'string' ? [] : label));
    const targets = parts.map(({ value, location }) => [value, location?.uri, location?.range.start]);
    const far = client.uri('hinted.arch');
    expect(targets).toContainEqual(['n:', far, { line: 1, character: 10 }]);
    expect(targets).toContainEqual([': 8, 16', far, { line: 0, character: 4 }]);
    expect(targets).toContainEqual(['8x8x8, 4x4x16', far, { line: 1, character: 6 }]);
    await client.remove('hinted.arch');
  });

  test('can be turned off', async () => {
    await using other = await TestClient.start({
      settings: {
        inlayHints: { shapes: false, loopVariables: false, parameterNames: 'none' },
        codeLens: { enabled: false },
        score: { onType: false },
      },
    });
    const document = await other.open('off.arch', residual);
    expect(await document.hints()).toEqual([]);
    expect(await document.lenses()).toEqual([]);
  });
});
