// Texts made to take long: the server says what is wrong with each, and goes on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from './support/client.ts';
import { requests } from './support/requests.ts';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

function model(body: string): string {
  return `model M {\n  input 8x8x4\n  classes 10\n  ${body}\n  gap -> dense(classes)\n}\n`;
}

const doubling = Array.from({ length: 40 }, (_, i) => `block B${i}() { B${i + 1} -> B${i + 1} }`).join('\n');

test.each([
  ['a million repeats', model('repeat 1000000 { relu }'), 'too-many-ops'],
  ['blocks that double', `${doubling}\nblock B40() { relu }\n${model('B0')}`, 'too-many-ops'],
  ['10,000 brackets', model(`conv(${'('.repeat(10_000)}8${')'.repeat(10_000)}, 3x3)`), 'too-deep'],
  ['10,000 open brackets', '('.repeat(10_000), 'too-deep'],
  ['a line of 1 MB', model(`${'relu -> '.repeat(130_000)}bn`), 'too-large'],
  ['a comment of 2 MB', `${model('relu')}//${'x'.repeat(2_000_000)}`, 'too-large'],
  ['a file that imports itself', 'import { A } from "./hostile.arch"\n', 'import-cycle'],
  ['a file that is not there', 'import { A } from "./nowhere.arch"\n', 'import-not-found'],
])('%s', async (_, text, code) => {
  client.diagnostics.clear();
  const document = await client.open('hostile.arch', text);
  expect((await document.diagnostics()).map((diagnostic) => diagnostic.code)).toContain(code);
  await document.hints();
  const sound = await client.open('sound.arch', model('conv(8, 3x3)'));
  expect(await sound.diagnostics()).toEqual([]);
  await document.close();
  await sound.close();
});

const extents = [1, 2, 65_535, 65_536, 65_537, 99_999, 100_000, 1_000_000, 2 ** 31, 2 ** 53 - 1];

test.each(extents.flatMap((extent) => [`8x8x${extent}`, `${extent}x8x3`, `8x${extent}`, `${extent}`]))(
  'an input of %s gets suggestions and all other answers',
  async (input) => {
    const text = model('relu\n  ').replace('8x8x4', input);
    const document = await client.open(`input-${input}.arch`, text);
    await document.diagnostics();
    const position = document.position('\n  gap');
    for (const ask of Object.values(requests)) await ask(document, position);
    const list = (await requests['completion']!(document, position)) as readonly [readonly unknown[]];
    expect(list[0].length).toBeGreaterThan(30);
    await document.close();
  },
);
