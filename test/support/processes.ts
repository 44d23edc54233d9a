import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Whether there is a process, running or not yet buried. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes that one has started, for instance its engine; only Linux tells without another program. */
export function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

export function hasChild(pid: number): boolean {
  return childrenOf(pid).length > 0;
}
