// The processes of a session, as Linux tells of them.
import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** `R`, `S`, `T` for stopped, `Z` for a zombie … */
  readonly state: string;
}

/** Whoever was started within a session, zombies and those whose parents are gone too. @param session pid of its first process */
export function processesOf(session: number): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const found = read(Number(name));
      return found?.session === session ? [found] : [];
    });
}

function read(pid: number): (Process & { readonly session: number }) | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may have anything in it.
    const [state = '', parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(parent), state, session: Number(session) };
  } catch {
    // Gone meanwhile.
    return undefined;
  }
}

/** Threads of a process besides its first. */
export function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .filter((thread) => thread !== pid);
  } catch {
    return [];
  }
}
