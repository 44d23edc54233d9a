import type { Random } from '../../support/random.ts';
import { corpus } from './corpus.ts';
import { derivation } from './derivation.ts';
import {
  keywords,
  names,
  numbers,
  oddities,
  ops,
  prototypeNames,
  punctuation,
  sizes,
  strings,
} from './words.ts';

/** Longer texts make no more discoveries, and take longer. */
const mostCharacters = 20_000;

const tokens = /\w+(?:\.\w+)?|"[^"\n]*"|->|[=!<>]=|&&|\|\||\/\*|\*\/|\/{2,3}|[^\s\w]/g;

/** One word of the language, or what somebody might take for one. */
export function anyWord(random: Random): string {
  return random.pick(
    random.pick([
      keywords,
      ops,
      names,
      numbers,
      sizes,
      strings,
      punctuation,
      punctuation,
      prototypeNames,
      oddities,
    ]),
  );
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function anyRange(random: Random, { length }: string): Range {
  const start = random.below(length + 1);
  return { start, end: Math.min(length, start + random.small(Math.min(400, length))) };
}

function anyToken(random: Random, text: string): Range {
  const found = [...text.matchAll(tokens)];
  if (found.length === 0) return { start: 0, end: 0 };
  const { index, 0: word } = random.pick(found);
  return { start: index, end: index + word.length };
}

function anyLines(random: Random, text: string): Range {
  const start = text.lastIndexOf('\n', random.below(text.length + 1)) + 1;
  let end = start;
  for (let count = 1 + random.small(6); count > 0 && end < text.length; count -= 1) {
    const next = text.indexOf('\n', end);
    end = next === -1 ? text.length : next + 1;
  }
  return { start, end };
}

const slice = (text: string, { start, end }: Range): string => text.slice(start, end);
const put = (text: string, { start, end }: Range, inserted: string): string =>
  text.slice(0, start) + inserted + text.slice(end);

/** What happens to texts by accident, by editors, and by those who look for mistakes. */
const mutations: readonly ((random: Random, text: string) => string)[] = [
  (random, text) => put(text, anyRange(random, text), ''),
  (random, text) => put(text, anyToken(random, text), ''),
  (random, text) => put(text, anyLines(random, text), ''),
  (random, text) => put(text, anyToken(random, text), anyWord(random)),
  (random, text) => put(text, anyToken(random, text), anyWord(random)),
  (random, text) => put(text, anyToken(random, text), ` ${anyWord(random)} ${anyWord(random)} `),
  // Two words change places.
  (random, text) => {
    const [a, b] = [anyToken(random, text), anyToken(random, text)].sort(
      (one, other) => one.start - other.start,
    );
    if (a!.end > b!.start) return text;
    return put(put(text, b!, slice(text, a!)), a!, slice(text, b!));
  },
  // A name becomes another one of the text, everywhere.
  (random, text) => {
    const [from, to] = [slice(text, anyToken(random, text)), slice(text, anyToken(random, text))];
    return /^\w+$/.test(from) && /^\w+$/.test(to)
      ? text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to)
      : text;
  },
  (random, text) => {
    const from = slice(text, anyToken(random, text));
    const to = random.pick(names);
    return /^[A-Za-z_]\w*$/.test(from) ? text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to) : text;
  },
  // A number becomes another one.
  (random, text) => {
    const found = [...text.matchAll(/\b\d[\w.]*/g)];
    if (found.length === 0) return text;
    const { index, 0: word } = random.pick(found);
    return put(text, { start: index, end: index + word.length }, random.pick(random.pick([numbers, sizes])));
  },
  (random, text) => {
    const lines = anyLines(random, text);
    return put(text, { start: lines.end, end: lines.end }, slice(text, lines).repeat(1 + random.small(20)));
  },
  (random, text) => {
    const part = slice(text, anyLines(random, text));
    const at = anyRange(random, text).start;
    return put(text, { start: at, end: at }, part);
  },
  // The end, or the beginning, of another text.
  (random, text) => {
    const other = random.pick(corpus);
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  (random, text) => {
    const other = random.pick(corpus);
    return put(text, anyRange(random, text), slice(other, anyLines(random, other)));
  },
  (random, text) =>
    put(
      text,
      anyRange(random, text),
      derivation(random, random.pick(['statement', 'expression', 'item', 'flow', 'body']), 20).join(' '),
    ),
  (random, text) => put(text, anyRange(random, text), random.pick(oddities)),
  (random, text) => put(text, anyToken(random, text), random.pick(oddities).repeat(1 + random.small(5))),
  // Deep, at and around the limit.
  (random, text) => {
    const [open, close] = random.pick([
      ['(', ')'],
      ['[', ']'],
      ['residual { ', ' }'],
      ['repeat 1 { ', ' }'],
      ['if (true) { ', ' }'],
      ['-', ''],
      ['!', ''],
      ['1 + ', ''],
      ['true ? 1 : ', ''],
      ['parallel add { branch { ', ' } }'],
      ['/*', '*/'],
      ['{', ''],
      ['choice(', ')'],
    ] as const);
    const depth = random.pick([2, 5, 30, 66, 99, 100, 199, 200, 201, 400]);
    const token = anyToken(random, text);
    return put(
      text,
      token,
      open.repeat(depth) + slice(text, token) + close.repeat(random.chance(0.8) ? depth : depth - 1),
    );
  },
  (random, text) => text.replaceAll(/\r\n|\r|\n/g, () => random.pick(['\n', '\r\n', '\r', '\u2028'])),
  (random, text) => text.replaceAll('\n', random.pick(['\r\n', '\r', ' ', '\n\n', '\n\t', ' //\n'])),
  (random, text) => text.replaceAll(/ +/g, () => random.pick([' ', ' ', '  ', '\n', '\t', '/* */'])),
  (random, text) =>
    `${random.pick(['\ufeff', '\n', '#!x\n', '/*', '// archlens: ignore-file\n', ''])}${text}`,
  (random, text) => text.slice(0, random.below(text.length + 1)),
  (random, text) => text.slice(random.below(text.length + 1)),
];

/** A text after some accidents. */
export function mutated(random: Random, text: string): string {
  let result = text;
  for (let count = 1 + random.small(6); count > 0; count -= 1)
    result = random.pick(mutations)(random, result).slice(0, mostCharacters);
  return result;
}
