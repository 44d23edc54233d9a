// Many sessions, one after another, until enough has been killed.
import type { Kill } from './killer.ts';
import type { Programs } from './programs.ts';
import { Random } from '../support/random.ts';
import type { Session } from './sessions.ts';

export interface Options {
  readonly programs: Programs;
  readonly sessions: readonly Session[];
  /** In all. */
  readonly kills: number;
  /** Most of them in one session. */
  readonly perSession: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

export interface Report {
  readonly kills: readonly Kill[];
  /** How many sessions came to their end, by name. */
  readonly ended: ReadonlyMap<string, number>;
  /** What was wrong, with what finds it again. */
  readonly findings: readonly string[];
}

/** Kills until there have been enough; what a session does wrong is a finding, and the next begins. */
export async function campaign({
  programs,
  sessions,
  kills: most,
  perSession,
  seed,
  log,
}: Options): Promise<Report> {
  const undisturbed = new Map<string, string>();
  for (const session of sessions) {
    undisturbed.set(session.name, (await session.run(programs, 0, new Random(seed))).result);
    log(`undisturbed: ${session.name}`);
  }
  const kills: Kill[] = [];
  const ended = new Map<string, number>();
  const findings: string[] = [];
  for (let turn = 0; kills.length < most; turn++) {
    const session = sessions[turn % sessions.length]!;
    const random = new Random(seed + turn);
    const count = Math.min(most - kills.length, 1 + random.below(perSession));
    const found = (what: string): void => {
      findings.push(`${session.name} (seed ${seed}, turn ${turn}): ${what}`);
      log(`FOUND ${findings.at(-1)!}`);
    };
    try {
      const outcome = await session.run(programs, count, random);
      kills.push(...outcome.kills);
      ended.set(session.name, (ended.get(session.name) ?? 0) + 1);
      if (outcome.result !== undisturbed.get(session.name)) found('another result than undisturbed');
    } catch (error) {
      found(error instanceof Error ? error.message : String(error));
      // A session that fails at once must not go on for ever.
      if (findings.length >= 10) break;
    }
    log(`${kills.length} of ${most} kills: ${session.name}`);
  }
  return { kills, ended, findings };
}

/** What was sent to whom, a line each; then what was found. */
export function reportLines({ kills, ended, findings }: Report): string[] {
  const counts = new Map<string, number>();
  for (const { role, signal } of kills) {
    const key = `${role} ${signal}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [
    `${kills.length} kills in ${[...ended.values()].reduce((sum, count) => sum + count, 0)} sessions.`,
    ...[...ended].map(([name, count]) => `  ${count} × ${name}`),
    ...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `  ${count} × ${key}`),
    findings.length === 0 ? 'No finding.' : `${findings.length} findings:`,
    ...findings,
  ];
}
