import { mutatedExample, plausibleProgram, program } from '../../language/support/random.ts';
import type { Random } from '../../support/random.ts';
import { corpus, examples } from './corpus.ts';
import { derivation, spaced } from './derivation.ts';
import { anyWord, mutated } from './mutation.ts';
import { gaps } from './words.ts';

/** A file and its text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

const kinds: readonly ((random: Random) => string)[] = [
  (random) => spaced(random, derivation(random, 'file', 1 + random.small(300))),
  (random) => mutated(random, spaced(random, derivation(random))),
  (random) => random.sample(plausibleProgram),
  (random) => mutated(random, random.sample(plausibleProgram)),
  (random) => random.sample(program),
  (random) => mutated(random, random.sample(program)),
  (random) => random.sample(mutatedExample),
  (random) => mutated(random, random.pick(corpus)),
  (random) => mutated(random, random.pick(corpus)),
  (random) => inModel(random, derivation(random, 'body', 60)),
  (random) =>
    random
      .times(random.small(80), () => anyWord(random) + (random.chance(0.7) ? ' ' : random.pick(gaps)))
      .join(''),
];

/** A model or a space around words of a body, which begin with its brace. */
function inModel(random: Random, body: readonly string[]): string {
  const kind = random.pick(['model', 'space']);
  return `${kind} M {\ninput ${random.pick(['8x8x4', '16x4', '8'])}\nclasses 4\n${spaced(random, body.slice(1, -1))}\n}`;
}

/** A text of any kind: derived from the grammar, a program that means something, or what became of one. */
export function anyText(random: Random): string {
  return random.pick(kinds)(random);
}

/** Files that may import one another; the first is looked at. */
export function anyFiles(random: Random): NamedText[] {
  const files = [{ name: 'main.arch', text: anyText(random) }];
  if (random.chance(0.4)) files.push({ name: 'b.arch', text: anyText(random) });
  if (random.chance(0.15)) files.push({ name: 'c.arch', text: anyText(random) });
  if (files[0]!.text.includes('blocks.arch'))
    files.push({ name: 'blocks.arch', text: examples.get('blocks.arch')! });
  return files;
}
