import type { Random } from '../../support/random.ts';
import { corpus } from './corpus.ts';
import { derivation } from './derivation.ts';
import { anyWord } from './mutation.ts';

/** A change of a text. Where it begins is a share of the length, so that it fits any text. */
export interface Edit {
  /** 0 … 1; absent: where the edit before ended. */
  readonly at?: number;
  /** Characters before the place that are removed, as by a backspace. */
  readonly back: number;
  /** Characters behind it. */
  readonly removed: number;
  readonly text: string;
}

/** An edit as offsets of a text. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where an edit is in a text, given where the one before ended. */
export function placed({ at, back, removed, text }: Edit, before: string, cursor: number): Replacement {
  const place = Math.min(at === undefined ? cursor : Math.floor(at * before.length), before.length);
  return { start: Math.max(0, place - back), end: Math.min(before.length, place + removed), text };
}

export function replaced(before: string, { start, end, text }: Replacement): string {
  return before.slice(0, start) + text + before.slice(end);
}

const typing = (text: string): Edit => ({ back: 0, removed: 0, text });

/** What people do in an editor, a few edits each. */
const habits: readonly ((random: Random) => readonly Edit[])[] = [
  // A word, a flow, a statement, character by character.
  (random) =>
    Array.from(derivation(random, random.pick(['flow', 'expression', 'statement']), 6).join(' '), typing),
  (random) => Array.from(anyWord(random), typing),
  // What an editor closes by itself, then what is put in between.
  (random) => {
    const pair = random.pick(['()', '{}', '[]', '""', '{\n\n}']);
    return [typing(pair), { back: pair.length >> 1, removed: 0, text: anyWord(random) }];
  },
  (random) => random.times(1 + random.small(12), () => ({ back: 1, removed: 0, text: '' })),
  (random) => random.times(1 + random.small(4), () => ({ back: 0, removed: 1, text: '' })),
  (random) => [typing(random.pick(['\n', '\n  ', '\r\n', ' ', '\n}\n', '\n\n']))],
  // A paste, and that it is taken back.
  (random) => {
    const pasted = random.pick(corpus).slice(0, 1 + random.small(2000));
    return random.chance(0.5)
      ? [typing(pasted)]
      : [typing(pasted), { back: pasted.length, removed: 0, text: '' }];
  },
  // A selection is replaced, or commented out.
  (random) => [{ back: 0, removed: random.small(300), text: random.pick(['', anyWord(random), '\n']) }],
  (random) => [typing(random.pick(['//', '/*', '*/', '///', '"', '// archlens: ignore']))],
  (random) => [{ back: random.small(20), removed: random.small(20), text: anyWord(random) }],
];

/** A script of edits, most of them near one another. */
export function anyEdits(random: Random, most: number): Edit[] {
  const edits: Edit[] = [];
  for (let count = 1 + random.small(8); count > 0 && edits.length < most; count -= 1) {
    const [first, ...others] = random.pick(habits)(random);
    if (first === undefined) continue;
    edits.push(
      edits.length === 0 || random.chance(0.5) ? { at: random.share(), ...first } : first,
      ...others,
    );
  }
  return edits.slice(0, most);
}
