import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdir, rm } from 'node:fs/promises';
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

export interface Installation {
  /** A folder with `package.json` and `package-lock.json`: every package with the hash it must have. */
  readonly source: string;
  /** The one package whose install script is run. */
  readonly scripted: string;
}

/**
 * Installs locked packages into a folder of its own, which holds nothing else and is gone unless the installation
 * succeeds. Packages that have not the hash of the lock file are refused, before any script is run.
 *
 * @throws InstallError for people: no npm, or what npm said last; the signal's reason when cancelled
 */
export async function npmInstall(
  folder: string,
  { source, scripted }: Installation,
  hooks: InstallHooks,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    await copyFile(join(source, name), join(folder, name));
  try {
    await npm(folder, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'], hooks);
    // Otherwise npm shows nothing of a download that takes minutes.
    const shown = ['--ignore-scripts=false', '--foreground-scripts', '--no-update-notifier'];
    await npm(folder, ['rebuild', scripted, ...shown], hooks);
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

async function npm(folder: string, args: readonly string[], { signal, onLine }: InstallHooks): Promise<void> {
  signal.throwIfAborted();
  const windows = process.platform === 'win32';
  // Windows starts scripts such as npm.cmd through a shell only; the arguments are ours.
  const child = spawn('npm', args, { cwd: folder, shell: windows, detached: !windows, windowsHide: true });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      for (const line of data.toString().split(/[\r\n]+/)) {
        const text = line.trim();
        if (text === '') continue;
        onLine(text);
        // Warnings about what could not be cleaned up may come after the error, and be longer than it.
        if (/^npm (warn|notice)\b/i.test(text)) continue;
        last.push(text);
        if (last.length > mostLines) last.shift();
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
