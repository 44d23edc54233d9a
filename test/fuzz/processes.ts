import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Order, Report } from './messages.ts';

/** Megabytes of JavaScript objects: what takes more is a finding. */
const memory = 1500;

/** Ticks of `/proc` in a second, on every Linux there is. */
const ticks = 100;

/** A process that tries cases, with those it starts. Its temporary folder is its own, and goes with it, however it ends. */
export class CaseProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<void>;

  /** @param targets the module that exports them */
  constructor(targets: string, onReport: (report: Report) => void) {
    const temporary = mkdtempSync(join(tmpdir(), 'archlens-fuzz-'));
    // A group of its own: it is ended with all that it has started.
    this.#child = fork(join(import.meta.dirname, 'worker.ts'), [targets, temporary], {
      detached: true,
      execArgv: [`--max-old-space-size=${memory}`],
      env: { ...process.env, ARCHLENS_STORE: 'none', TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      serialization: 'json',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', onReport);
    this.exited = new Promise((resolve) => {
      this.#child.on('exit', () => {
        this.end();
        // What it has started may still be ending.
        rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
        resolve();
      });
    });
  }

  send(order: Order): void {
    // A process that has just died is noticed by its exit.
    this.#child.send(order, () => undefined);
  }

  /** Seconds of processor time so far, of the process and those it has started; of the clock where that is unknown. */
  get seconds(): number {
    const { pid } = this.#child;
    if (pid === undefined) return 0;
    return process.platform === 'linux' ? cpuSecondsOfGroup(pid) : performance.now() / 1000;
  }

  end(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
}

function cpuSecondsOfGroup(group: number): number {
  let sum = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // Behind the command in parentheses: state, parent, group, …, user and system time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) === group) sum += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum / ticks;
}
