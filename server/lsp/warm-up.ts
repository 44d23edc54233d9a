import { setTimeout } from 'node:timers/promises';
import { formatChanges } from '../../grammar/format/format.ts';
import { Project } from '../language/project.ts';

/** As an editor would have it: what people write, in which something is being typed at `cursor`. */
const cursor = '/*cursor*/';
const sample = `/// Two convolutions and a shortcut.
block Basic(out, stride = 1, act = relu) {
  residual {
    conv(out, 3x3, stride = stride) -> bn -> act
    conv(out, 3x3) -> bn
  } shortcut {
    if (stride != 1) { conv(out, 1x1, stride = stride) -> bn }
  }
  relu
}

block Branches(out) {
  let half = out / 2
  parallel concat {
    branch { conv(half, 1x1) -> bn -> relu }
    branch { dwconv(3x3) -> bn -> conv(half, 1x1) }
  }
}

cell Small = "|nor_conv_3x3~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|avg_pool_3x3~1|skip_connect~2|"

model Sample {
  input 32x32x3
  classes 10
  ${cursor}
  conv(16, 3x3) -> bn -> relu
  for (width, stride) in [(16, 1), (32, 2), (64, 2)] {
    repeat 3 as i { Basic(width, stride = i == 0 ? stride : 1) }
  }
  if (start > 1) { Branches(64) } else { conv(64, 3x3, stride = 2) }
  gap -> dense(classes) : 10
}

space Choices {
  input 16x16x3
  classes 10
  conv(choice(8, 16), 3x3) -> bn -> relu -> Small
  gap -> dense(classes)
}
`;
const typed = ['conv(32, 3x3, stride = 2) -> bn -> relu', 'let width = 3', 'residual { Basic(16) }'];

const uri = 'file:///sample.arch';

/** How often the sample is analysed, and the most time (milliseconds) that may take. */
const rounds = 200;
const budget = 1500;
/** Before the first round, milliseconds: a document that was just opened is analysed and scored first. */
const delay = 1500;
/** Between two rounds, milliseconds: requests come first. */
const gap = 2;

/**
 * Analyses a sample, keystroke by keystroke, while nothing else is to be done, so that the virtual machine has compiled
 * parser and analyser before the user types: code that runs for the first times is some twenty times slower. A round
 * takes a few milliseconds and holds up nobody.
 */
export async function warmUp(): Promise<void> {
  await setTimeout(delay, undefined, { ref: false });
  let text = '';
  const project = new Project({ read: (asked) => (asked === uri ? text : undefined) });
  for (let round = 0, spent = 0; round < rounds && spent < budget; round++) {
    await setTimeout(gap, undefined, { ref: false });
    const started = performance.now();
    text = keystroke(round);
    project.invalidate(uri);
    if (round % 8 === 0) formatChanges(text, project.analyse(uri).parse);
    else project.lint(uri);
    spent += performance.now() - started;
  }
}

/** The sample after so many keys; every text differs from all others. */
export function keystroke(round: number): string {
  const line = typed[Math.floor(round / 12) % typed.length]!;
  const keys = Math.ceil((((round % 12) + 1) / 12) * line.length);
  return `let start = ${round}\n${sample.replace(cursor, line.slice(0, keys))}`;
}
