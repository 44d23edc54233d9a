// Sends signals to the processes of a session at random moments.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesOf, threadsOf } from './processes.ts';
import type { Random } from '../support/random.ts';

/** What is hit: the first process of a session, an engine (or one that is tried), a thread of one of them that computes. */
export type Role = 'client' | 'server' | 'engine' | 'worker';

/** `STOP`: stopped and woken again; `STOP for good`: stopped until somebody ends it. */
export const signals = ['KILL', 'TERM', 'STOP', 'STOP for good'] as const;
export type Signal = (typeof signals)[number];

export interface Kill {
  readonly role: Role;
  readonly signal: Signal;
}

export interface Victims {
  /** Pid of the first process, which is the number of the session. */
  readonly session: number;
  /** What the first process is. */
  readonly first: 'client' | 'server';
  /** Whether the first process is among the victims. */
  readonly withFirst: boolean;
}

/** Milliseconds. */
const longestPause = 600;
const longestStop = 400;

/** Kills until there have been `most`, or nothing of the session is left, or it is told to end. @returns what was sent */
export async function killAtRandom(
  { session, first, withFirst }: Victims,
  most: number,
  random: Random,
  isOver: () => boolean,
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  while (kills.length < most && !isOver()) {
    await sleep(random.share() * longestPause);
    const living = processesOf(session).filter(({ state }) => state !== 'Z' && state !== 'T');
    const engines = living.filter(({ pid }) => pid !== session);
    const isFirst = withFirst && random.share() < 0.15;
    const target = isFirst ? living.find(({ pid }) => pid === session) : pickOf(engines, random);
    if (target === undefined || isOver()) continue;
    const threads = random.share() < 0.4 ? threadsOf(target.pid) : [];
    const thread = pickOf(threads, random);
    const role = thread !== undefined ? 'worker' : target.pid === session ? first : 'engine';
    const signal = signalFor(target.pid === session, random);
    const id = thread ?? target.pid;
    if (!send(id, signal === 'KILL' ? 'SIGKILL' : signal === 'TERM' ? 'SIGTERM' : 'SIGSTOP')) continue;
    kills.push({ role, signal });
    if (signal === 'STOP') {
      await sleep(random.share() * longestStop);
      send(id, 'SIGCONT');
    }
  }
  return kills;
}

function signalFor(isFirst: boolean, random: Random): Signal {
  const chance = random.share();
  if (chance < 0.55) return 'KILL';
  if (chance < 0.8) return 'TERM';
  // Nobody is there to replace a first process that is stopped; an engine is, after ten seconds.
  return chance < 0.97 || isFirst ? 'STOP' : 'STOP for good';
}

function pickOf<T>(values: readonly T[], random: Random): T | undefined {
  return values.length === 0 ? undefined : random.pick(values);
}

/** @returns whether there was somebody to get it */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
