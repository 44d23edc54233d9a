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

/** Runs a program that has a watchdog `dog` with a limit of half a second. */
async function run(program: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const module = new URL('../../server/base/watchdog.ts', import.meta.url).href;
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
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

describe('a watchdog', () => {
  test('ends a program whose work does not come back, and says what it was at', async () => {
    const { code, stderr } = await run(
      `dog.watch({ name: 'outer.arch', digest: 'aa' }, () => { dog.watch({ name: 'inner.arch', digest: 'bb' }, () => 1); spin(); });`,
    );
    expect(stderr).toMatch(
      /^archlens: outer\.arch has kept the program busy for 0\.5 seconds without an end\./,
    );
    expect(code).toBe(70);
    expect(readFileSync(journal, 'utf8')).toBe('aa\n');
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
