import type { ISerializedGast } from 'chevrotain';
import { ArchParser } from '../../grammar/grammar.ts';
import * as T from '../../grammar/tokens.ts';

/** Tokens that the manual describes by themselves; all others are written as they are. */
const LEXICAL: ReadonlyMap<string, string> = new Map([
  [T.Identifier.name, 'identifier'],
  [T.Name.name, 'nameWord'],
  [T.Word.name, 'word'],
  [T.Callee.name, 'callee'],
  [T.Infix.name, 'infix'],
  [T.Prefix.name, 'prefix'],
  [T.NumberToken.name, 'number'],
  [T.Dims.name, 'size'],
  [T.StringToken.name, 'string'],
]);

type Serialized = ISerializedGast & {
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly Serialized[];
};

/** The grammar the parser really follows, in EBNF: one rule a line, in the order of the text's structure. */
export function ebnf(): string {
  const rules = new ArchParser(true).getSerializedGastProductions() as readonly Serialized[];
  const byName = new Map(rules.map((rule) => [rule.name!, rule]));
  const lines: string[] = [];
  const seen = new Set<string>();
  const waiting = ['file'];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const rule = byName.get(name)!;
    lines.push(`${name} = ${whole(rule.definition!)} ;`);
    waiting.unshift(...references(rule));
  }
  for (const category of [T.Name, T.Callee, T.Word, T.Infix, T.Prefix]) {
    const members = T.TOKENS.filter((type) => type.CATEGORIES?.includes(category));
    const words = members.map((type) => LEXICAL.get(type.name) ?? `"${type.LABEL!}"`);
    lines.push(`${LEXICAL.get(category.name)!} = ${words.join(' | ')} ;`);
  }
  if (seen.size !== rules.length) throw new Error('A rule of the grammar is never used.');
  return lines.join('\n');
}

function references(production: Serialized): string[] {
  if (production.type === 'NonTerminal') return [production.name!];
  return (production.definition ?? []).flatMap(references);
}

/** An alternation that is all of a rule needs no parentheses. */
function whole(parts: readonly Serialized[]): string {
  const [only, ...others] = parts;
  return only?.type === 'Alternation' && others.length === 0 ? alternatives(only) : sequence(parts);
}

function alternatives({ definition = [] }: Serialized): string {
  return definition.map((each) => sequence(each.definition ?? [])).join(' | ');
}

function sequence(parts: readonly Serialized[]): string {
  return parts
    .map(text)
    .filter((part) => part !== '')
    .join(' ');
}

function text(production: Serialized): string {
  const definition = production.definition ?? [];
  switch (production.type) {
    case 'NonTerminal':
      return production.name!;
    case 'Terminal':
      return production.name === 'EOF' ? '' : (LEXICAL.get(production.name!) ?? `"${production.label!}"`);
    case 'Option':
      return `[ ${sequence(definition)} ]`;
    case 'Repetition':
      return `{ ${sequence(definition)} }`;
    case 'Alternation':
      return `( ${alternatives(production)} )`;
    case 'Alternative':
    case 'Rule':
    case 'RepetitionMandatory':
    case 'RepetitionMandatoryWithSeparator':
    case 'RepetitionWithSeparator':
      throw new Error(`The grammar uses ${production.type}, which EBNF has no notation for here.`);
  }
}
