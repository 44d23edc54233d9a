// A file of somebody else: whatever stands in it, no answer of the server makes the editor load, run or draw it.
import { CompletionRequest, CompletionResolveRequest } from 'vscode-languageserver-protocol/node';
import type { CompletionList } from 'vscode-languageserver-protocol/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';
import { dangers } from './support/read-markdown.ts';
import { requests } from './support/requests.ts';

const evil = {
  picture: '![x](https://evil.example/t.png)',
  'picture by reference': '![x][y]\n\n[y]: https://evil.example/t.png',
  html: '<img src="https://evil.example/t.png">',
  command: '[Fix](command:workbench.action.quit)',
  'end of code': '```\n```\n![x](https://evil.example/t.png)\n``` ![x](https://evil.example/t.png)',
} as const;

/** What the texts here have, and no other. */
const foreign = /evil|command:|<img/;

const doc = (text: string): string =>
  text
    .split('\n')
    .map((line) => `/// ${line}\n`)
    .join('');

/** A string of the language, with its line ends as escapes. */
const quoted = (text: string): string => JSON.stringify(text.replaceAll('"', "'"));

const library = '![x](command:quit) <img src=x> `b.arch';

/** Every sort of declaration, with the text wherever the author has the word. */
function file(text: string): string {
  return `${doc(text)}import { Far } from ${quoted(`./${library}`)}
import { Gone } from ${quoted(`./${text}.arch`)}
${doc(text)}block Near(out, name = ${quoted(text)}) { conv(out, 3x3) -> relu }
${doc(text)}cell Cell1 = ${quoted(text)}
${doc(text)}let width = 8
${doc(text)}let text = ${quoted(text)}
${doc(text)}space S { input 8x8x3 classes 4 conv(choice(4, 8), 3x3) -> gap -> dense(classes) }
${doc(text)}model M {
  input 8x8x3 classes 4
  // archlens: ignore ${text.replaceAll('\n', ' ')}
  let inner = ${quoted(text)}
  Near(width, ${quoted(text)}) -> Far(8) -> gap -> dense(classes)
}
`;
}

/** All Markdown in an answer, wherever it is. */
function markdownIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('kind' in value && value.kind === 'markdown' && 'value' in value) return [String(value.value)];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'markdown' ? [String(inner)] : markdownIn(inner),
  );
}

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

async function completions(document: OpenDocument, offset: number): Promise<unknown> {
  const list = (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: document.uri },
    position: document.document.positionAt(offset),
  })) as CompletionList | null;
  const items = list?.items ?? [];
  const own = items.filter(({ label }) => /^(Near|Far|Cell1|width|text|inner|M|S)$/.test(label));
  return [
    list,
    ...(await Promise.all(
      own.map((item) => client.connection.sendRequest(CompletionResolveRequest.type, item)),
    )),
  ];
}

describe.each(Object.entries(evil))('%s', (name, text) => {
  test('would be one if it came through', () => {
    expect(dangers(text)).not.toEqual([]);
  });

  test('comes through nowhere', async () => {
    await client.write(library, `${doc(text)}block Far(out) { conv(out, 3x3) }\n`);
    const document = await client.open(`${name}.arch`, file(text));
    await document.diagnostics();
    const found = new Set<string>();
    const starts = [...document.text.matchAll(/\w+/g)].map(({ index }) => index);
    for (const offset of starts) {
      const position = document.document.positionAt(offset);
      for (const request of [requests['hover']!, requests['signature']!])
        for (const markdown of markdownIn(await request(document, position))) found.add(markdown);
    }
    for (const place of ['-> gap', 'width,', 'out, 3x3', '= 8'])
      for (const markdown of markdownIn(await completions(document, document.text.lastIndexOf(place) + 3)))
        found.add(markdown);
    const middle = document.position('Near(width');
    for (const request of Object.values(requests))
      for (const markdown of markdownIn(await request(document, middle))) found.add(markdown);
    // The documentation of ops has links of its own.
    for (const markdown of found)
      expect(
        dangers(markdown).filter((raw) => foreign.test(raw)),
        markdown,
      ).toEqual([]);
    // The author's words were in them: of a declaration each, here and in the other file.
    const words = [...found].filter((markdown) => foreign.test(markdown));
    expect(words.length).toBeGreaterThan(6);
    await document.close();
  });
});
