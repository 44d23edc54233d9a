import type { ISerializedGast } from 'chevrotain';
import { ArchParser } from '../../../grammar/grammar.ts';
import * as T from '../../../grammar/tokens.ts';
import type { Random } from '../../support/random.ts';
import { gaps, names, numbers, ops, sizes, strings } from './words.ts';

type Production = ISerializedGast & {
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly Production[];
};

const rules: ReadonlyMap<string, Production> = new Map(
  (new ArchParser(true).getSerializedGastProductions() as readonly Production[]).map((rule) => [
    rule.name!,
    rule,
  ]),
);

const softKeywords = new Set(['input', 'classes', 'cell', 'space']);

function members(category: (typeof T.TOKENS)[number]): readonly string[] {
  return T.TOKENS.filter((type) => type.CATEGORIES?.includes(category))
    .map((type) => type.LABEL)
    .filter((label) => label !== undefined && /^[^<]/.test(label) && label !== 'name') as readonly string[];
}

const wordsOf: ReadonlyMap<string, readonly string[]> = new Map([
  [T.Infix.name, members(T.Infix)],
  [T.Prefix.name, members(T.Prefix)],
  [T.Word.name, [...names, ...members(T.Word)]],
  [T.Name.name, names],
  [T.Identifier.name, names],
  [T.Callee.name, [...names, ...ops]],
  [T.NumberToken.name, numbers],
  [T.Dims.name, sizes],
  [T.StringToken.name, strings],
]);

/**
 * Words that a rule of the parser's own grammar derives, on a way chosen at random; what repeats or may be left out does
 * so less the deeper it is.
 *
 * @param most words, about
 */
export function derivation(random: Random, rule = 'file', most = 120): string[] {
  const words: string[] = [];
  const walk = (production: Production, depth: number): void => {
    const { definition = [] } = production;
    const room = words.length < most && depth < 60;
    switch (production.type) {
      case 'NonTerminal':
        for (const part of rules.get(production.name!)!.definition!) walk(part, depth + 1);
        break;
      case 'Terminal':
        if (production.name !== 'EOF')
          words.push(random.pick(wordsOf.get(production.name!) ?? [production.label!]));
        break;
      case 'Option':
        if (room && random.chance(0.4)) for (const part of definition) walk(part, depth + 1);
        break;
      case 'Repetition':
        while (words.length < most && depth < 60 && random.chance(depth < 4 ? 0.8 : 0.45))
          for (const part of definition) walk(part, depth + 1);
        break;
      case 'Alternation':
        walk(room ? random.pick(definition) : shortest(definition), depth + 1);
        break;
      case 'Alternative':
      case 'Rule':
      case 'RepetitionMandatory':
      case 'RepetitionMandatoryWithSeparator':
      case 'RepetitionWithSeparator':
        for (const part of definition) walk(part, depth + 1);
    }
  };
  for (const part of rules.get(rule)!.definition!) walk(part, 0);
  return words;
}

const heights = new Map<string, number>();

/** How deep a production goes at least: alternatives of the least end. */
function height(production: Production, seen: readonly string[] = []): number {
  if (production.type === 'Terminal' || production.type === 'Option' || production.type === 'Repetition')
    return 0;
  if (production.type === 'NonTerminal') {
    const name = production.name!;
    if (seen.includes(name)) return Infinity;
    const known = heights.get(name);
    if (known !== undefined) return known;
    const found = 1 + heightOfAll(rules.get(name)!.definition!, [...seen, name]);
    // Found on a detour around a rule above it, it may be too much.
    if (seen.length === 0) heights.set(name, found);
    return found;
  }
  const each = (production.definition ?? []).map((part) => height(part, seen));
  return production.type === 'Alternation' ? Math.min(...each) : Math.max(0, ...each);
}

function heightOfAll(parts: readonly Production[], seen: readonly string[]): number {
  return Math.max(0, ...parts.map((part) => height(part, seen)));
}

function shortest(alternatives: readonly Production[]): Production {
  return alternatives.reduce((best, next) => (height(next) < height(best) ? next : best));
}

/** Words with white space and comments between them. Some words mean something else at the start of a line. */
export function spaced(random: Random, words: readonly string[]): string {
  const plain = random.chance(0.5);
  return words
    .map((word, index) => {
      const gap = plain ? (random.chance(0.15) ? '\n' : ' ') : random.pick(gaps);
      return index === 0 || softKeywords.has(word) ? ` ${word}` : gap + word;
    })
    .join('');
}
