// Declarations whose name has not been written yet: wherever they are shown, there is a word for them.
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyPrepareRequest,
  CodeActionRequest,
} from 'vscode-languageserver-protocol/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectHover, messageText, TestClient, type OpenDocument } from './support/client.ts';
import { requests } from './support/requests.ts';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false }, inlayHints: { parameterNames: 'all' } },
    initializationOptions: { clientCommands: true, panels: true, alternatives: true },
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const network = '{ input 8x8x3 classes 4 B(8) -> gap -> dense(classes) }';
const named = `block B(out) { conv(out, 3x3) -> relu }\nmodel M ${network}\n`;

/** Each declaration without its name; behind a stray brace no other mistake is reported. */
const texts: readonly string[] = [
  '}block(x',
  '}model {',
  '}space {',
  `}block(x, y = 2) { conv(x, 3x3) -> B(8) }\n${named}`,
  `block (x, y = 2) { conv(x, 3x3) -> B(8) }\n${named}`,
  `}model ${network}\n${named}`,
  `model ${network}\n${named}`,
  `}space { input 8x8x3 classes 4 B(choice(8, 16)) -> gap -> dense(classes) }\n${named}`,
  `}cell { 0 -> 1: nor_conv_1x1 0 -> 2: none }\n${named}`,
  `cell = "|nor_conv_3x3~0|"\n${named}`,
  `let = 3\n${named}`,
  `model N { input 8x8x3 classes 4 let = 3 repeat 2 as { B(8) } gap -> dense(classes) }\n${named}`,
];

/** What a user would see of an empty name: a label that is empty, or code without any. */
function emptyNames(answer: unknown, key = ''): string[] {
  if (typeof answer === 'string')
    return (answer === '' && /^(name|label|title|about)$/.test(key)) || /(?<!`)``(?!`)|\bblock ,/.test(answer)
      ? [`${key}: ${answer}`]
      : [];
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([inner, value]) => emptyNames(value, inner));
}

/** Who uses what stands at a place. */
async function callers(document: OpenDocument, at: string) {
  const [item] =
    (await client.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: document.uri },
      position: document.position(at),
    })) ?? [];
  return await client.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: item! });
}

test.each([...texts.entries()])('nowhere an empty name: %i %j', async (index, text) => {
  const document = await client.open(`nameless-${index}.arch`, text);
  const answers: unknown[] = [await document.diagnostics()];
  if (text.includes('block B')) answers.push(await callers(document, 'B(out)'));
  for (const { index: offset } of text.matchAll(/\w+/g))
    for (const request of Object.values(requests))
      answers.push(await request(document, document.document.positionAt(offset)));
  expect(emptyNames(answers)).toEqual([]);
  await document.close();
});

test('a declaration without a name has a word for it', async () => {
  const document = await client.open(
    'word.arch',
    `block (x, y) { conv(x, 3x3) -> B(8) }\ncell = "|nor_conv_3x3~0|"\n}model ${network}\n${named}`,
  );
  await expectHover(document, 'x', [/Parameter of block `\(unnamed\)`, required\./], '(');
  await expectHover(document, 'conv', [/\*\*2 places\*\* in `\(unnamed\)`, `M`/], 'B(out) {');
  const calls = await callers(document, 'B(out)');
  expect(calls?.map(({ from }) => from.name)).toEqual(['(unnamed)', '(unnamed)', 'M']);
  const position = document.position('= "|');
  const actions = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: document.uri },
    range: { start: position, end: position },
    context: { diagnostics: [] },
  });
  expect(actions?.map(({ title }) => title)).toContain('Try alternatives to `(unnamed)`…');
});

test.each([
  ['block', '}block(x) { relu }', [/^`\(unnamed\)` does not use its parameter `x`/]],
  [
    'model',
    '}model { }',
    [/^`\(unnamed\)` needs its input first/, /^`\(unnamed\)` needs its number of classes/],
  ],
])('messages about it have the same word: %s', async (kind, text, expected) => {
  const document = await client.open(`${kind}.arch`, text);
  const messages = (await document.diagnostics()).map(({ message }) => messageText(message));
  for (const message of expected) expect(messages).toContainEqual(expect.stringMatching(message));
  await document.close();
});
