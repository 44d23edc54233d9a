// Starts the programs of a session, and looks at what is left of it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAtRandom, send, type Kill, type Victims } from './killer.ts';
import { processesOf } from './processes.ts';
import type { Random } from '../support/random.ts';

/** Paths of what is run: bundles, or the sources. */
export interface Programs {
  readonly cli: string;
  readonly server: string;
}

/** A run of the command line that came to its end, whoever ended it. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly kills: readonly Kill[];
}

/** Milliseconds after which what has not ended hangs. */
const patience = 15 * 60_000;
/** Milliseconds that a process has to notice that its parent is gone. */
const noticed = 60_000;

export function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  // A session of its own, by which its processes are found when their parents are gone.
  return spawn(process.execPath, [program, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
}

/**
 * Runs a command while signals are sent to it and what it starts.
 *
 * @param most kills
 * @param withFirst whether the command itself is among the victims
 * @throws Error when it hangs, or leaves something behind
 */
export async function runKilled(
  programs: Programs,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  {
    most,
    withFirst,
    random,
  }: { readonly most: number; readonly withFirst: boolean; readonly random: Random },
): Promise<Run> {
  const child = start(programs.cli, args, env);
  const session = child.pid!;
  child.stdin!.end();
  let isOver = false;
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const exit = ended.finally(() => {
    isOver = true;
  });
  const victims: Victims = { session, first: 'client', withFirst };
  const [[code, signal], stdout, stderr, kills] = await withinPatience(
    session,
    Promise.all([
      exit,
      text(child.stdout!),
      text(child.stderr!),
      killAtRandom(victims, most, random, () => isOver),
    ]),
  );
  await expectNothingLeft(session);
  return { code, signal, stdout, stderr, kills };
}

/** @throws Error, and ends the session, when it takes too long */
export async function withinPatience<T>(session: number, work: Promise<T>): Promise<T> {
  const abort = new AbortController();
  const late = sleep(patience, undefined, { signal: abort.signal }).then(() => {
    for (const { pid } of processesOf(session)) send(pid, 'SIGKILL');
    throw new Error(`hangs: no end after ${patience / 60_000} minutes`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    abort.abort();
  }
}

/** @throws Error when processes of a session are there though its first has ended */
export async function expectNothingLeft(session: number): Promise<void> {
  // What is stopped cannot notice anything.
  await expectNone(session, 'orphan', () => {
    const left = processesOf(session);
    for (const { pid, state } of left) if (state === 'T') send(pid, 'SIGCONT');
    return left.length;
  });
}

/** @throws Error when a living session has dead processes that nobody has waited for */
export async function expectNoZombie(session: number): Promise<void> {
  await expectNone(
    session,
    'zombie',
    () => processesOf(session).filter(({ pid, state }) => state === 'Z' && pid !== session).length,
  );
}

async function expectNone(session: number, what: string, count: () => number): Promise<void> {
  const deadline = Date.now() + noticed;
  while (count() > 0) {
    if (Date.now() > deadline) {
      const left = processesOf(session);
      for (const { pid } of left) send(pid, 'SIGKILL');
      const list = left.map(({ pid, parent, state }) => `${pid} (${state}, parent ${parent})`).join(', ');
      throw new Error(`leaves ${what}s: ${list}`);
    }
    await sleep(20);
  }
}
