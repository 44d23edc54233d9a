import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

export interface InstallHooks {
  readonly signal: AbortSignal;
  /** What npm and the scripts of the package say. */
  readonly onLine: (line: string) => void;
}

export class InstallError extends Error {}

/** Lines of npm's output that a failure is explained with. */
const mostLines = 12;

/**
 * Installs one package with its scripts into a folder of its own, which holds nothing else and is gone unless the
 * installation succeeds.
 *
 * @param spec a package as npm understands it: `name@1.2.3`
 * @throws InstallError for people: no npm, or what npm said last; the signal's reason when cancelled
 */
export async function npmInstall(folder: string, spec: string, hooks: InstallHooks): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  try {
    await run(folder, spec, hooks);
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

async function run(folder: string, spec: string, { signal, onLine }: InstallHooks): Promise<void> {
  signal.throwIfAborted();
  const windows = process.platform === 'win32';
  const args = [
    'install',
    spec,
    '--save-exact',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts=false',
    // Otherwise npm shows nothing of a download that takes minutes.
    '--foreground-scripts',
  ];
  // Windows starts scripts such as npm.cmd through a shell only; `spec` is ours.
  const child = spawn('npm', args, { cwd: folder, shell: windows, detached: !windows, windowsHide: true });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      for (const line of data.toString().split(/[\r\n]+/)) {
        const text = line.trim();
        if (text === '') continue;
        last.push(text);
        if (last.length > mostLines) last.shift();
        onLine(text);
      }
    });
  const onAbort = (): void => {
    killTree(child);
  };
  signal.addEventListener('abort', onAbort);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        reject(error.code === 'ENOENT' ? noNpm() : new InstallError(error.message));
      });
      child.on('close', (code) => {
        if (code === 0) resolve();
        else if (windows && last.some((line) => line.includes('not recognized'))) reject(noNpm());
        else reject(new InstallError(`npm ended with code ${String(code)}: ${last.join(' | ')}`));
      });
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function noNpm(): InstallError {
  return new InstallError(
    'npm was not found. Install Node.js with npm (nodejs.org) and start the editor anew.',
  );
}

/** npm and the scripts it has started. */
function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}
