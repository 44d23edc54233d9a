import { CompletionItemKind } from 'vscode-languageserver/node';
import snippets from '../../../../grammar/snippets.json' with { type: 'json' };
import type { Cursor } from '../../../language/cursor/cursor.ts';
import { ranks } from './item.ts';
import type { Suggestion } from './item.ts';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const all: readonly Snippet[] = Object.values(snippets);
const declarations = new Set(['model', 'block', 'space', 'cell', 'cell-genotype', 'import']);

export function keyword(label: string, again = false): Suggestion {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    rank: ranks.keyword,
    details: { of: 'keyword', name: label },
    ...(again ? { insert: `${label} `, again } : {}),
  };
}

/** A keyword that a snippet starts with is offered once, as the snippet. */
function fromSnippets(wanted: (snippet: Snippet) => boolean): readonly Suggestion[] {
  return all.filter(wanted).map(({ prefix, description, body }) => ({
    label: prefix,
    kind: CompletionItemKind.Snippet,
    rank: ranks.snippet,
    description,
    snippet: body.join('\n'),
    documentation: `${description}.`,
    details: { of: 'keyword', name: prefix },
  }));
}

/** At the level of the file. */
export function declarationKeywords(): readonly Suggestion[] {
  return [...fromSnippets(({ prefix }) => declarations.has(prefix)), keyword('let')];
}

/** At the start of a statement. `more` continues the statement before. */
export function statementKeywords(
  { declaration, groups }: Cursor,
  text: string,
  more: readonly string[],
): readonly Suggestion[] {
  const top = groups.length === 2 && (declaration === 'model' || declaration === 'space');
  const body = /^[^]*?(?=\n(?:model|block|space|cell|import)\s|$(?![^]))/.exec(
    text.slice(groups[1]?.start ?? 0),
  )![0];
  const has = (word: string): boolean => new RegExp(`[\\s{]${word}\\s`).test(body);
  const header = (word: string, value: string): readonly Suggestion[] => {
    // Of the whole declaration, behind the cursor too, one is enough.
    if (!top || has(word)) return [];
    const suggestion: Suggestion = {
      ...keyword(word),
      rank: ranks.expected,
      snippet: `${word} \${1:${value}}`,
      preselect: word === 'input',
    };
    return [suggestion];
  };
  return [
    ...header('input', '32x32x3'),
    ...header('classes', '10'),
    ...more.map((word): Suggestion => ({
      ...keyword(word),
      rank: ranks.continuing,
      snippet: word === 'else' ? 'else {\n  $0\n}' : 'shortcut {\n  ${0:conv(channels, 1x1) -> bn}\n}',
    })),
    ...fromSnippets(({ prefix }) => !declarations.has(prefix)),
    ...(top ? [keyword('constraint', true)] : []),
    keyword('let'),
  ];
}

/** Constructs that may stand in a flow. */
export function flowKeywords({ declaration }: Cursor): readonly Suggestion[] {
  return [
    ...fromSnippets(({ prefix }) => ['residual', 'residual-shortcut', 'parallel'].includes(prefix)),
    ...choiceKeyword(declaration),
  ];
}

/** Where there is something to decide. */
export function choiceKeyword(declaration: string | undefined): readonly Suggestion[] {
  if (declaration === 'model' || declaration === 'let') return [];
  return [{ ...keyword('choice'), snippet: 'choice(${1:a}, ${2:b})', signature: '(a, b, …)' }];
}
