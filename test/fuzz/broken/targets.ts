// Targets that fail in every way there is: the campaign is tried on them.
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import type { Random } from '../../support/random.ts';
import { ensure, target, type FuzzTarget } from '../target.ts';
import { Scratch } from '../targets/scratch.ts';

interface Input {
  readonly lines: readonly string[];
  readonly number: number;
}

function generate(random: Random): Input {
  return {
    lines: random.times(20, (index) => `${random.pick(['a', 'b', 'needle'])} in line ${index}\n`),
    number: random.below(100),
  };
}

function hasNeedle({ lines }: Input): boolean {
  return lines.some((line) => line.includes('needle'));
}

let kept = 0;

const scratch = new Scratch();

export const targets: readonly FuzzTarget[] = [
  target({ name: 'sound', generate, check: () => undefined }),
  target({
    name: 'wrong',
    generate,
    check: (input) => {
      ensure(!hasNeedle(input), 'There is a needle.', () => input.lines);
    },
  }),
  target({
    name: 'endless',
    limit: 1,
    generate,
    check: (input) => {
      while (hasNeedle(input));
    },
  }),
  target({
    name: 'deadly',
    generate,
    check: (input) => {
      mkdirSync(scratch.path('left'), { recursive: true });
      if (hasNeedle(input)) process.kill(process.pid, 'SIGKILL');
    },
  }),
  // Fails the second time only.
  target({
    name: 'remembering',
    hasState: true,
    generate,
    check: () => {
      kept += 1;
      ensure(kept < 2, 'Something was left behind.');
    },
    close: () => {
      kept = 0;
    },
  }),
];
