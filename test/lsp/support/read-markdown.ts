// Markdown as an editor reads it: VS Code draws hovers with the same library.
import { expect } from 'vitest';
import { lexer, walkTokens } from 'marked';
import type { Token, Tokens } from 'marked';

export function tokensOf(markdown: string): readonly Token[] {
  const tokens: Token[] = [];
  void walkTokens(lexer(markdown), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** What of a text would be loaded, run or drawn, or leads elsewhere than it says. */
export function dangers(markdown: string): readonly string[] {
  return tokensOf(markdown).flatMap((token) => {
    if (token.type === 'link') {
      const { href, text } = token as Tokens.Link;
      return /^https?:\/\//i.test(href) && href === text ? [] : [token.raw];
    }
    return ['image', 'html', 'def', 'checkbox'].includes(token.type) ? [token.raw] : [];
  });
}

export function expectHarmless(markdown: string): void {
  expect(dangers(markdown), markdown).toEqual([]);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

function decoded(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => entities[name]!);
}

/** The text that is seen of a line of Markdown. */
export function seen(markdown: string): string {
  return tokensOf(markdown)
    .filter((token) => (token as { tokens?: unknown }).tokens === undefined)
    .filter(({ type }) => type !== 'space')
    .map((token) => ('text' in token ? decoded(String(token.text)) : token.raw))
    .join('');
}
