import { afterAll, beforeAll, describe, test } from 'vitest';
import { TestClient } from '../../support/client.ts';
import { expectSignature } from '../../support/language.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false } },
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
      textDocument: { publishDiagnostics: { versionSupport: true } },
    },
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const head =
  'block Part(out, stride = 1) { conv(out, 3x3, stride = stride) }\nmodel M { input 8x8x3 classes 10 ';

describe('signature help', () => {
  test.each([
    ['conv(‸', 'conv([out], kernel, stride = 1, padding = same, dilation = 1, groups = 1, bias = false)'],
    [
      'conv(16, ‸3x3',
      'conv(out, [kernel], stride = 1, padding = same, dilation = 1, groups = 1, bias = false)',
    ],
    [
      'conv(16, 3x3, groups = ‸',
      'conv(out, kernel, stride = 1, padding = same, dilation = 1, [groups = 1], bias = false)',
    ],
    [
      'conv(16, nonsense = ‸',
      'conv(out, kernel, stride = 1, padding = same, dilation = 1, groups = 1, bias = false)',
    ],
    ['Part(8, ‸)', 'Part(out, [stride = 1])'],
    ['Part(max(8, ‸', 'max([a, b, …])'],
    ['Part(max(8, 9), ‸', 'Part(out, [stride = 1])'],
    ['} model T(n, width = 4) { bn }\nmodel A = T(3, ‸', 'T(n, [width = 4])'],
    ['relu -> add(‸', 'add([tensor, …])'],
    ['relu -> scale(‸', 'scale([init = 1], bias = false)'],
    ['relu ‸', null],
    ['unknown(‸', null],
    // In a broken file.
    [
      '} } ) conv(8, ‸',
      'conv(out, [kernel], stride = 1, padding = same, dilation = 1, groups = 1, bias = false)',
    ],
  ])('%s', async (source, expected) => {
    await expectSignature(client, head + source, expected);
  });

  test('of a block of another file', async () => {
    await client.write('signature.arch', 'block Far(a, b = 3x3) { bn }\n');
    await expectSignature(
      client,
      'import { Far } from "./signature.arch"\nblock B() { Far(1, ‸',
      'Far(a, [b = 3x3])',
    );
    await client.remove('signature.arch');
  });
});
