// Programs under strace, for tests: what they ask of the system, and what they leave on the disk.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { Outcome } from '../cli/run-cli.ts';

/** Whether processes can be traced here: on Linux, with strace, where that is allowed. */
export const canTrace =
  process.platform === 'linux' && spawnSync('strace', ['-f', '-e', 'trace=none', 'true']).status === 0;

const calls =
  '%network,open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,rename,renameat,renameat2';

/** A machine of a user who has just moved in: no file, no setting, and nothing that says it is an automatic build. */
export class EmptyHome implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'archlens-home-'));
  readonly home = join(this.#root, 'home');
  readonly temporary = join(this.#root, 'tmp');
  /** Where the user's own files are, and commands are run. */
  readonly work = join(this.#root, 'work');
  readonly #log = join(this.#root, 'strace');

  constructor() {
    for (const folder of [this.home, this.temporary, this.work]) mkdirSync(folder);
  }

  get env(): NodeJS.ProcessEnv {
    return { HOME: this.home, TMPDIR: this.temporary, PATH: process.env['PATH'] ?? '' };
  }

  /** The command that runs another one traced, with all that it starts. */
  traced(command: readonly string[]): readonly string[] {
    return [
      'strace',
      '-f',
      '-qq',
      '-A',
      '-e',
      `trace=${calls}`,
      '-e',
      'signal=none',
      '-o',
      this.#log,
      ...command,
    ];
  }

  run(command: readonly string[]): Outcome {
    const [program, ...args] = this.traced(command);
    const { status, stdout, stderr } = spawnSync(program!, args, {
      cwd: this.work,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: status, stdout, stderr };
  }

  /** Every call that has to do with the network, but for pairs of connected pipes. */
  networkCalls(): readonly string[] {
    return this.#lines().filter(
      (line) =>
        /\b(socket|connect|bind|listen|accept4?|sendto|sendmmsg)\(/.test(line) ||
        /\bsocketpair\((?!AF_UNIX)/.test(line),
    );
  }

  /** Calls that could make a file outside this machine's own folders. */
  foreignFiles(): readonly string[] {
    return this.#lines().filter((line) => {
      const makes =
        /\b(creat|mkdir|mkdirat|mknod|mknodat|link|linkat|symlink|symlinkat|rename|renameat|renameat2)\(/.test(
          line,
        );
      const [, path] = /"((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
      if (path === undefined || !(makes || /O_CREAT|O_TMPFILE/.test(line)) || line.includes(' = -1 '))
        return false;
      return !resolve(this.work, path).startsWith(`${this.#root}/`);
    });
  }

  /** All files of the user and of the programs, each as `home/…`, `tmp/…` or `work/…`. */
  files(): readonly string[] {
    return ['home', 'tmp', 'work'].flatMap((folder) =>
      readdirSync(join(this.#root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(this.#root.length + 1)),
    );
  }

  #lines(): readonly string[] {
    return readFileSync(this.#log, 'utf8').split('\n');
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
