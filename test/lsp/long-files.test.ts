// A text that the linter looks at when the typing rests.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from './support/client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const model = (index: number): string =>
  `model M${index} {\n  input 8x8x3\n  classes 4\n  conv(8, 3x3) -> bn -> relu\n  gap -> dense(classes)\n}\n`;
const long = `${Array.from({ length: 400 }, (_, index) => model(index)).join('')}block Spare(out) { conv(out, 3x3) }\n`;

test('errors come with what the linter found before, where that is now; what it finds new follows', async () => {
  const document = await client.open('long.arch', long);
  const found = async (code: string): Promise<number | undefined> =>
    (await document.diagnostics()).find((diagnostic) => diagnostic.code === code)?.range.start.line;
  const last = document.document.lineCount - 2;
  await client.until('the linter', async () => ((await found('unused-block')) === last ? true : undefined));

  await document.edit(0, 0, '\n');
  await document.replace('dense(classes)', 'dense(clases)');
  expect(await found('unused-block')).toBe(last + 1);
  expect((await document.diagnostics()).filter(({ severity }) => severity === 1)).toHaveLength(1);

  await document.replace('relu', 'relu -> relu');
  await client.until('a new finding', async () =>
    (await document.diagnostics()).some(({ code }) => code === 'two-activations') ? true : undefined,
  );
  await document.close();
});
