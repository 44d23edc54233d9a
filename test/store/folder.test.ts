import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scoreKind } from '../../server/score/store/score-kind.ts';
import type { SeedFailure, SeedOutcome, SeedScore } from '../../server/score/types.ts';
import { openStore, type Store } from '../../server/store/store.ts';

const run = promisify(execFile);

let folder: string;
let problems: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-store-'));
  problems = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A store that has nothing in memory yet, as in a process that has just started. */
function open(limit = 2 ** 30): Store<SeedOutcome> {
  return openStore(scoreKind, {
    folder: join(folder, 'scores'),
    limit,
    log: (line) => problems.push(line),
  });
}

/** For a program: the imports that opening a store takes. */
const imports = `
      import { openStore } from ${JSON.stringify(new URL('../../server/store/store.ts', import.meta.url).href)};
      import { scoreKind } from ${JSON.stringify(new URL('../../server/score/store/score-kind.ts', import.meta.url).href)};`;

function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function failure(seed: number): SeedFailure {
  return { seed, reason: 'no-signal', message: 'none' };
}

function score(seed: number, size = 128): SeedScore {
  const numbers = (length: number) => Array.from({ length }, (_, index) => Math.exp(-index) / (seed + 3));
  return {
    seed,
    entropy: 1 / (seed + 7),
    entropies: numbers(16),
    eigenvalues: numbers(size),
    deciles: numbers(9),
    diagonal: numbers(size),
    trace: Math.PI,
    resolution: { rank: size, largestLogit: 3.7, largestEigenvalue: 1, saturated: 0.25 },
    engine: { name: 'onnx-cpu', device: 'cpu', version: 'onnxruntime-node 1', threads: 2 },
    milliseconds: 12.5,
  };
}

function files(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function bytes(): number {
  return files().reduce((sum, path) => sum + statSync(path).size, 0);
}

describe('the store on disk', () => {
  it('gives every bit back to another process', async () => {
    const outcomes: Record<string, SeedOutcome> = { a: score(0), b: failure(3), c: score(2 ** 31) };
    const writer = open();
    for (const [name, outcome] of Object.entries(outcomes)) {
      await writer.set(keyOf(name), outcome);
    }
    const reader = open();
    for (const [name, outcome] of Object.entries(outcomes)) {
      expect(await reader.get(keyOf(name))).toEqual(outcome);
    }
    expect(await reader.get(keyOf('d'))).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('takes any damage for a miss, removes it, and stores anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 20 }), async (at, length, garbage) => {
        const key = keyOf('damaged');
        const outcome = score(1, 10);
        await open().set(key, outcome);
        const path = files().find((name) => name.includes(key))!;
        const whole = readFileSync(path);
        const start = at % (whole.length + 1);
        const damaged = Buffer.concat([
          whole.subarray(0, start),
          garbage,
          whole.subarray(start + (length % (whole.length - start + 1))),
        ]);
        fc.pre(!damaged.equals(whole));
        writeFileSync(path, damaged);
        expect(await open().get(key)).toBeUndefined();
        expect(files()).not.toContain(path);
        await open().set(key, outcome);
        expect(await open().get(key)).toEqual(outcome);
      }),
      { numRuns: 100 },
    );
    expect(problems).toEqual([]);
  });

  it('takes an entry under the key of another for a miss', async () => {
    await open().set(keyOf('mine'), score(1));
    const path = files()[0]!;
    const other = keyOf('other');
    mkdirSync(join(folder, 'scores', other.slice(0, 1)), { recursive: true });
    writeFileSync(join(folder, 'scores', other.slice(0, 1), `${other}.json`), readFileSync(path));
    expect(await open().get(other)).toBeUndefined();
    expect(await open().get(keyOf('mine'))).toEqual(score(1));
  });

  it('takes a whole entry of another format for a miss', async () => {
    const key = keyOf('future');
    await open().set(key, failure(1));
    const path = files()[0]!;
    const json = readFileSync(path, 'utf8').split('\n')[1]!.replace('"format":2', '"format":999');
    expect(json).toContain('999');
    writeFileSync(path, `${createHash('sha256').update(json).digest('hex')}\n${json}\n`);
    expect(await open().get(key)).toBeUndefined();
    expect(files()).toEqual([]);
  });

  it('keeps to its limit, and what is used longest', async () => {
    const limit = 600_000;
    const favourite = keyOf('favourite');
    await open(limit).set(favourite, score(0));
    for (let index = 0; index < 300; index++) {
      // As if an hour had passed since the last use of everything.
      const hourAgo = Date.now() / 1000 - 3600;
      if (index % 20 === 0) {
        for (const path of files()) utimesSync(path, hourAgo, hourAgo);
        expect(await open(limit).get(favourite)).toEqual(score(0));
      }
      await open(limit).set(keyOf(`other ${index}`), score(index));
    }
    expect(bytes()).toBeGreaterThan(limit / 2);
    expect(bytes()).toBeLessThan(limit * 1.1);
    expect(await open(limit).get(favourite)).toEqual(score(0));
    expect(await open(limit).get(keyOf('other 299'))).toEqual(score(299));
  });

  it('removes what writers left that were killed', async () => {
    const key = keyOf('a');
    await open().set(key, failure(1));
    const [path] = files();
    writeFileSync(`${path}.old.tmp`, 'half');
    utimesSync(`${path}.old.tmp`, 0, 0);
    writeFileSync(`${path}.new.tmp`, 'half');
    await open().set(key, failure(1));
    expect(files().toSorted()).toEqual([path, `${path}.new.tmp`]);
  });

  it('is shared by processes that write, read and clear at once', async () => {
    const program = (own: number) => `
      import { createHash } from 'node:crypto';${imports}
      const folder = ${JSON.stringify(join(folder, 'scores'))};
      const outcome = (seed) => ({ seed, reason: 'overflow', message: 'x'.repeat(3000) });
      for (let round = 0; round < 150; round++) {
        const store = openStore(scoreKind, { folder, limit: 400_000, log: (line) => {
          throw new Error(line);
        } });
        const seed = (round * ${own + 1}) % 40;
        const key = createHash('sha256').update(String(seed)).digest('hex');
        const found = await store.get(key);
        if (found !== undefined && JSON.stringify(found) !== JSON.stringify(outcome(seed)))
          throw new Error('another result than was stored');
        await store.set(key, outcome(seed));
        if (${own} === 0 && round % 40 === 39) await store.clear();
      }`;
    await Promise.all(
      [0, 1, 2, 3].map((own) => run(process.execPath, ['--input-type=module', '--eval', program(own)])),
    );
    expect(files().filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  it('says what it removed when it is cleared', async () => {
    const store = open();
    await store.set(keyOf('a'), score(0));
    await store.set(keyOf('b'), score(1));
    const before = bytes();
    expect(await store.clear()).toEqual({ entries: 2, bytes: before });
    expect(files()).toEqual([]);
    expect(await store.get(keyOf('a'))).toBeUndefined();
    expect(await store.clear()).toEqual({ entries: 0, bytes: 0 });
  });

  it('leaves to others what they are writing when it is cleared', async () => {
    const store = open();
    await store.set(keyOf('a'), score(0));
    const [entry] = files();
    const [being, abandoned] = [`${entry!}.1.tmp`, `${entry!}.2.tmp`];
    for (const path of [being, abandoned]) writeFileSync(path, 'half');
    const hoursAgo = Date.now() / 1000 - 2 * 3600;
    utimesSync(abandoned, hoursAgo, hoursAgo);
    expect(await store.clear()).toMatchObject({ entries: 1 });
    expect(files()).toEqual([being]);
  });
});

describe('a disk that does not work', () => {
  it('keeps results in memory where the folder cannot be made, and says so once', async () => {
    writeFileSync(join(folder, 'scores'), 'a file');
    const store = open();
    await store.set(keyOf('a'), score(0));
    await store.set(keyOf('b'), score(1));
    expect(await store.get(keyOf('a'))).toEqual(score(0));
    expect(await store.get(keyOf('b'))).toEqual(score(1));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('could not be written');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'reads from a folder that cannot be written',
    async () => {
      await open().set(keyOf('a'), score(0));
      const shard = join(folder, 'scores', keyOf('a').slice(0, 1));
      chmodSync(shard, 0o500);
      const store = open();
      expect(await store.get(keyOf('a'))).toEqual(score(0));
      chmodSync(shard, 0o700);
    },
  );

  it.skipIf(process.platform !== 'linux')('goes on when the disk is full', async () => {
    // Writing to this device fails as on a full disk; a limit of file size does it for the real path.
    const program = `${imports}
      const folder = ${JSON.stringify(join(folder, 'scores'))};
      const problems = [];
      process.on('SIGXFSZ', () => undefined);
      const store = openStore(scoreKind, { folder, limit: 1e9, log: (line) => problems.push(line) });
      const key = 'a'.repeat(64);
      const outcome = { seed: 1, reason: 'overflow', message: 'x'.repeat(100_000) };
      await store.set(key, outcome);
      await store.set('b'.repeat(64), outcome);
      if (JSON.stringify(await store.get(key)) !== JSON.stringify(outcome)) throw new Error('lost');
      console.log(problems.length, problems[0]);`;
    const { stdout } = await run('bash', [
      '-c',
      'ulimit -f 8; exec "$0" --input-type=module --eval "$1"',
      process.execPath,
      program,
    ]);
    expect(stdout).toMatch(/^1 Stored scores could not be written.*EFBIG/);
    expect(files()).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'keeps results in memory where a device is in the way',
    async () => {
      mkdirSync(join(folder, 'scores'));
      symlinkSync('/dev/full', join(folder, 'scores', keyOf('a').slice(0, 1)));
      const store = open();
      await store.set(keyOf('a'), score(0));
      expect(await store.get(keyOf('a'))).toEqual(score(0));
      expect(await open().get(keyOf('a'))).toBeUndefined();
    },
  );
});
