import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScoreRecord } from '../../server/cli/reports/record.ts';
import { cli } from './run-cli.ts';

const model = (name: string, width: number) => `
model ${name} {
  input 8x8x3
  classes 5
  conv(${width}, 3x3) -> bn -> relu -> gap -> dense(classes)
}
`;

let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-cli-store-'));
  store = join(folder, 'store');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function rank(...flags: readonly string[]): Promise<ScoreRecord[]> {
  const args = ['rank', join(folder, 'models.arch'), '--json', '--setting', 'live', '--seeds', '1', ...flags];
  const { code, stdout, stderr } = await cli(args, { env: { ARCHLENS_STORE: store } });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as ScoreRecord[];
}

function storedDraws(): number {
  return readdirSync(join(store, 'scores'), { recursive: true }).filter((name) =>
    String(name).endsWith('.json'),
  ).length;
}

describe('the command line', () => {
  it('answers from the store what is unchanged, down to the time it took', async () => {
    writeFileSync(join(folder, 'models.arch'), model('A', 3) + model('B', 4));
    const first = await rank();
    expect(await rank()).toEqual(first);
    writeFileSync(join(folder, 'models.arch'), model('Renamed', 3) + model('B', 4) + model('New', 5));
    const second = await rank();
    const numbersOf = (records: readonly ScoreRecord[], name: string) => {
      const { vkdnw, milliseconds, spectrum, seeds, key } = records.find((record) => record.model === name)!;
      return { vkdnw, milliseconds, spectrum, seeds, key };
    };
    expect(numbersOf(second, 'Renamed')).toEqual(numbersOf(first, 'A'));
    expect(numbersOf(second, 'B')).toEqual(numbersOf(first, 'B'));
    expect(storedDraws()).toBe(3);
  });

  it('keeps nothing and looks nothing up with --no-store', async () => {
    writeFileSync(join(folder, 'models.arch'), model('A', 3));
    await rank('--no-store');
    expect(existsSync(store)).toBe(false);
    const [stored] = await rank();
    const [computed] = await rank('--no-store');
    expect(computed?.vkdnw).toBe(stored?.vkdnw);
    expect(computed?.milliseconds).not.toBe(stored?.milliseconds);
  });

  it('scores all the same when the store cannot be written, and says so', async () => {
    writeFileSync(join(folder, 'models.arch'), model('A', 3));
    writeFileSync(store, 'a file');
    const { code, stdout, stderr } = await cli(['score', join(folder, 'models.arch'), '--setting', 'live'], {
      env: { ARCHLENS_STORE: store },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('VKDNW');
    expect(stderr).toMatch(/^warning: Stored scores could not be \w+/);
  });
});
