// What the README promises of the network and of files, tried on the programs as they are shipped, in the environment of
// a user: libraries that are silent in automatic builds and tests are not silenced here.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, isBuilt } from '../../scripts/build.mjs';
import { root } from '../../scripts/node24.mjs';
import { expectLens, TestClient } from '../lsp/support/client.ts';
import { requests } from '../lsp/support/requests.ts';
import { canTrace, EmptyHome } from './traced.ts';

const dist = (name: string): string => join(root, 'dist', name);
const model = `/// A net.
model M { input 8x8x3 classes 4 conv(4, 3x3) -> bn -> relu -> gap -> dense(classes) }
`;
const genotype = (op: string): string => `|${op}~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|`;
const table = `genotype,accuracy
${genotype('nor_conv_1x1')},60
${genotype('skip_connect')},50
${genotype('nor_conv_3x3')},70
`;

beforeAll(async () => {
  if (!isBuilt()) await build();
});

/** The store and compiled code, and nothing else. */
function expectNoTrace(machine: EmptyHome, own: readonly string[]): void {
  expect(machine.networkCalls()).toEqual([]);
  expect(machine.foreignFiles()).toEqual([]);
  const rest = machine.files().filter((file) => !/^home\/.cache\/archlens\/(store|compiled)\//.test(file));
  expect(rest.sort()).toEqual(own.map((file) => `work/${file}`).sort());
}

describe.skipIf(!canTrace)('no socket is opened, and no file is left but the store', () => {
  test.each([
    ['score', ['score', 'net.arch'], 0],
    ['score on WebAssembly', ['score', 'net.arch', '--engine', 'tfjs-wasm', '--setting', 'live'], 0],
    ['rank', ['rank', '.', '--setting', 'live', '--proxies', 'naswot,macs'], 0],
    [
      'evaluate',
      [
        ...['evaluate', '--benchmark', 'table.csv', '--target', 'accuracy', '--dataset', 'imagenet16-120'],
        ...['--proxies', 'vkdnw', '--setting', 'live', '--index-sets', '1'],
      ],
      0,
    ],
    ['whatif', ['whatif', 'net.arch', '--at', '2:41', '--setting', 'live'], 0],
    ['the self-tests and speed probes of all engines', ['engines'], 0],
  ] as const)('%s', (_, args, code) => {
    using machine = new EmptyHome();
    writeFileSync(join(machine.work, 'net.arch'), model);
    writeFileSync(join(machine.work, 'table.csv'), table);
    const outcome = machine.run([process.execPath, dist('cli.cjs'), ...args]);
    expect(outcome.code, outcome.stderr).toBe(code);
    expectNoTrace(machine, ['net.arch', 'table.csv']);
    // The programs did run, and were traced.
    if (args[0] !== 'engines' && args[0] !== 'evaluate')
      expect(machine.files().some((file) => file.startsWith('home/.cache/archlens/store/'))).toBe(true);
  });

  test('a session of the language server', async () => {
    using machine = new EmptyHome();
    {
      await using client = await TestClient.start({
        server: {
          command: machine.traced([process.execPath, dist('server.cjs'), '--stdio']),
          env: machine.env,
        },
      });
      const document = await client.open('net.arch', model);
      await expectLens(document, 'M', /^VKDNW \d/);
      for (const request of Object.values(requests)) await request(document, document.position('relu'));
    }
    expectNoTrace(machine, []);
  });
});

test.skipIf(!canTrace)('a program that does use the network, or leaves files elsewhere, is seen', () => {
  using machine = new EmptyHome();
  copyFileSync(join(root, 'LICENSE'), join(machine.work, 'LICENSE'));
  machine.run([
    process.execPath,
    '-e',
    `require('node:dgram').createSocket('udp4').bind(0, '127.0.0.1', function () { this.close(); });
     require('node:fs').rmdirSync(require('node:fs').mkdtempSync('../../archlens-seen-'));
     require('node:fs').writeFileSync('left', '');`,
  ]);
  expect(machine.networkCalls().length).toBeGreaterThan(0);
  expect(machine.foreignFiles()).toHaveLength(1);
  expect(machine.files().toSorted()).toEqual(['work/LICENSE', 'work/left']);
});
