// What an editor knows of several tensors that flow together, and of cells with inputs and parameters.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InlayHintRequest } from 'vscode-languageserver-protocol/node';
import { expectHover, TestClient } from '../support/client.ts';
import { expectCompletion, expectRename, expectSignature } from '../support/language.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const pair = `block Pair[left, right](n = 3) {
  small = right -> maxpool(2x2)
  [left, small]
}
cell Fused[a, b](width, stride = 1) { 0 -> 2: conv(width, 1x1)   1 -> 2: conv(width, 3x3, stride) }
`;
const model = (body: string): string =>
  `${pair}model M {\n  input 8x8x3\n  classes 10\n  x = relu\n  ${body}\n  gap -> dense(classes)\n}\n`;

describe('renaming', () => {
  test.each([
    [
      'one of several, by its declaration',
      '[p‸, q] = [x, x] -> Pair\n  p',
      '[fresh, q] = [x, x] -> Pair\n  fresh',
    ],
    ['a tensor in brackets', '[x‸, x] -> Pair -> Fused(3)', undefined],
  ])('%s', async (_, written, expected) => {
    const renamed = expected ?? '[fresh, fresh] -> Pair -> Fused(3)';
    const result = model(renamed);
    const whole = expected === undefined ? result.replace('x = relu', 'fresh = relu') : result;
    await expectRename(client, model(written), 'fresh', whole);
  });

  test('a tensor that comes into a block', async () => {
    const source = model('[x, x] -> Pair -> Fused(3)').replace('[left, right](', '[left‸, right](');
    const expected = model('[x, x] -> Pair -> Fused(3)').replaceAll('left', 'fresh');
    await expectRename(client, source, 'fresh', expected);
  });

  test('a parameter of a cell, with the arguments of that name', async () => {
    const source = model('[x, x] -> Fused(width‸ = 3)');
    await expectRename(client, source, 'out', model('[x, x] -> Fused(width = 3)').replaceAll('width', 'out'));
  });
});

test('hovers show the shape of each, and a cell as it is declared', async () => {
  const document = await client.open('hover.arch', model('[p, q] = [x, x] -> Pair\n  q -> Fused'));
  await expectHover(document, 'p', ['Tensor `p`: **8x8x3**'], 'x = relu\n  [');
  await expectHover(document, 'q', ['Tensor `q`: **4x4x3**'], 'p, ');
  await expectHover(document, 'Fused', ['cell Fused[a, b](width, stride = 1) { 2 edges }'], 'q -> ');
  await expectHover(document, 'Pair', ['block Pair[left, right](n = 3)'], '-> ');
});

test('shapes of all that flow stand behind a statement', async () => {
  const document = await client.open('hints.arch', model('[p, q] = [x, x] -> Pair\n  p'));
  const hints = await client.connection.sendRequest(InlayHintRequest.type, {
    textDocument: { uri: document.uri },
    range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
  });
  const texts = (hints ?? []).map(({ label }) =>
    typeof label === 'string' ? label : label.map(({ value }) => value).join(''),
  );
  expect(texts).toContain('[8x8x3, 4x4x3]');
});

describe('completion', () => {
  test('offers tensors in the brackets that begin a flow', async () => {
    await expectCompletion(client, model('[x, ‸'), { has: ['x'], lacks: ['relu', 'conv', 'Pair'] });
  });

  test('knows the tensors that were named before, and those of a block', async () => {
    await expectCompletion(client, model('[p, q] = [x, x] -> Pair\n  ‸'), { has: ['p', 'q', 'x'] });
    await expectCompletion(client, 'block B[left, right](n) {\n  ‸\n}', { has: ['left', 'right', 'n'] });
  });

  test('offers the arguments of a cell', async () => {
    await expectCompletion(client, model('[x, x] -> Fused(‸)'), { has: ['width = ', 'stride = '] });
  });
});

test('signature help shows the parameters of a cell', async () => {
  await expectSignature(client, model('[x, x] -> Fused(‸)'), 'Fused([width], stride = 1)');
});
