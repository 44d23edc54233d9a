// Processes of this machine, for tests that end them.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Those that may be looked at, with their command lines. */
export function processes(): { pid: number; command: string }[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          return [
            {
              pid: Number(name),
              command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
            },
          ];
        } catch {
          // It ended meanwhile.
          return [];
        }
      });
  }
  return execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ pid: Number(match[1]), command: match[2] ?? '' }));
}
