import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'archlens-watchdog-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const journal = join(folder, 'cache', 'left-alone');

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that has a watchdog `dog` with a limit of half a second. @param listens whether anybody reads what it says */
async function run(program: string, listens = true): Promise<Outcome> {
  const module = new URL('../../../server/base/watchdog/watchdog.ts', import.meta.url).href;
  const source = `
    import { Watchdog } from ${JSON.stringify(module)};
    const dog = new Watchdog({ limit: 0.5, exitCode: 70 });
    dog.keepDigests(${JSON.stringify(journal)});
    const spin = () => { for (;;) if (Math.random() > 2) break; };
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A watchdog that fails must not leave a program behind that is busy for ever.
    timeout: 60_000,
    // Not the signal that it ends itself with.
    killSignal: 'SIGABRT',
  });
  child.stdin.end();
  if (!listens) for (const stream of [child.stdout, child.stderr]) stream.destroy();
  const [stdout, stderr, [code, signal]] = await Promise.all([
    listens ? text(child.stdout) : '',
    listens ? text(child.stderr) : '',
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}

describe('a watchdog', () => {
  test('ends a program whose work does not come back, and says what it was at', async () => {
    const { code, stderr } = await run(
      `dog.watch({ name: 'outer.arch', digest: 'aa' }, () => { dog.watch({ name: 'inner.arch', digest: 'bb' }, () => 1); spin(); });`,
    );
    // Nothing of Node, which waits for a debugger, is said behind it.
    expect(stderr).toMatch(
      /^archlens: outer\.arch has kept the program busy for 0\.5 seconds without an end\.[^\n]*\n$/,
    );
    expect(code).toBe(70);
    expect(readFileSync(journal, 'utf8')).toBe('aa\n');
  });

  test('kills a program that no debugger can interrupt', async () => {
    const { code, signal, stderr } = await run(
      `import { pbkdf2Sync } from 'node:crypto';
       dog.watch({ name: 'native.arch', digest: 'dd' }, () => pbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512'));`,
    );
    expect(stderr).toMatch(/^archlens: native\.arch has kept the program busy .*\n$/);
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
    expect(readFileSync(journal, 'utf8')).toMatch(/dd\n$/);
  });

  test('ends a program that nobody listens to', async () => {
    const unheard = await run(`dog.watch({ name: 'a.arch', digest: 'ee' }, spin);`, false);
    expect(unheard).toEqual({ code: 70, signal: null, stdout: '', stderr: '' });
    expect(readFileSync(journal, 'utf8')).toMatch(/ee\n$/);
  });

  test('ends a program that should answer at any time', async () => {
    const { code, stderr } = await run(`dog.watchAlways(); setTimeout(spin, 100);`);
    expect(stderr).toContain('Something has kept the program busy');
    expect(code).toBe(70);
  });

  test('lets a program be that comes back, waits, or is busy with something else', async () => {
    const { code, stdout, stderr } = await run(
      `const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
       const until = (seconds) => { const start = used(); while (used() - start < 1e6 * seconds); };
       for (let i = 0; i < 10; i++) dog.watch({ name: 'a.arch', digest: 'cc' }, () => until(0.1));
       until(1);
       setTimeout(() => console.log('done'), 1000);`,
    );
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
  });

  test('keeps no program alive', async () => {
    const { code, stderr } = await run(`dog.watchAlways();`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
