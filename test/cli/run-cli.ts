import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** A signal, Ctrl-C unless another is named, is sent once this holds of the process. */
  readonly interruptWhen?: (pid: number) => boolean;
  readonly signal?: NodeJS.Signals;
  /** For standard input, which is empty otherwise. */
  readonly input?: string;
  readonly program?: 'main.ts' | 'fixture/check-fixture.ts';
  /** More environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line program from its source, as a process of its own. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<Outcome> {
  const path = join(root, 'server/cli', options.program ?? 'main.ts');
  const child = spawn(process.execPath, [path, ...args], {
    cwd: options.cwd ?? root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  });
  child.stdin.end(options.input ?? '');
  const { interruptWhen } = options;
  const poll =
    interruptWhen === undefined
      ? undefined
      : setInterval(() => {
          if (interruptWhen(child.pid!)) {
            clearInterval(poll);
            child.kill(options.signal ?? 'SIGINT');
          }
        }, 10);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  clearInterval(poll);
  return { code, stdout, stderr };
}
