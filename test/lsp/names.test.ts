// Names that every object has (`constructor`, `__proto__`, `toString`) in all places of a text: they are names as any other.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';
import { requests } from './support/requests.ts';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const names = Object.getOwnPropertyNames(Object.prototype);

/** A name of the same length and kind that means nothing. */
function neutral(name: string): string {
  return name.replaceAll(/[a-z]/g, 'q').replaceAll(/[A-Z]/g, 'Q');
}

const network = (body: string): string =>
  `model M {\n  input 8x8x8\n  classes 10\n  ${body}\n  gap -> dense(classes)\n}\n`;

/** By the place of the name, which is written `NAME`. */
const texts: Readonly<Record<string, string>> = {
  block: `block NAME(out) { conv(out, 3x3) }\n${network('NAME(8)\n  NAME(out = 8)')}`,
  parameter: `block B(NAME) { conv(NAME, 3x3) }\n${network('B(8)\n  B(NAME = 8)')}`,
  'required parameter without a use': `block B(NAME) { }\n${network('B(8)')}`,
  'parameter without a use': `block B(NAME = 1, out) { }\n${network('B(out = 8)')}`,
  let: `let NAME = 8\n${network('conv(NAME, 3x3)')}`,
  'local let': network('let NAME = 8\n  conv(NAME, 3x3)'),
  model: network('relu').replace('model M', 'model NAME'),
  space: network('conv(choice(8, 16), 3x3)').replace('model M', 'space NAME'),
  decision: network('let NAME = choice(8, 16)\n  conv(NAME, 3x3)').replace('model', 'space'),
  cell: `cell NAME { 0 -> 1: relu }\n${network('NAME')}`,
  tensor: network('NAME = relu\n  bn -> add(NAME)'),
  'loop variable': network('repeat 2 as NAME { conv(NAME + 1, 3x3) }\n  for NAME in [1] { conv(NAME, 3x3) }'),
  import: `import { NAME } from "./NAME.arch"\n${network('NAME')}`,
  'name that is not there': network('NAME\n  NAME(8)\n  conv(NAME, 3x3)\n  NAME -> relu'),
  'argument that is not there': network('conv(8, 3x3, NAME = 1)'),
  'word of an argument': network('conv(8, 3x3, padding = NAME)'),
  edge: `cell C { 0 -> 1: NAME }\n${network('C')}`,
  genotype: `cell C = "|NAME~0|"\n${network('C')}`,
  constraint: network('constraint NAME > 1'),
  comment: network('// archlens: ignore NAME\n  relu'),
};

/** Answers to every request at every place of the name, and where a flow may begin. */
async function answers(
  document: OpenDocument,
  name: string,
): Promise<readonly (readonly [string, unknown])[]> {
  const named = [...document.text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].flatMap(({ index }) => [
    index,
    index + name.length,
  ]);
  const places = [...named, document.text.indexOf('gap')];
  const asked = Object.entries(requests).flatMap(([what, ask]) =>
    places.map(
      async (place) =>
        [`${what} at ${place}`, (await ask(document, document.document.positionAt(place))) ?? null] as const,
    ),
  );
  return await Promise.all(asked);
}

test.each(Object.entries(texts))('%s', async (_, text) => {
  for (const name of names) {
    const [foreign, plain] = await Promise.all(
      [name, neutral(name)].map(async (each) => {
        await client.write(`${each}.arch`, `block ${each}() { relu }\n`);
        const document = await client.open(`main-${each}.arch`, text.replaceAll('NAME', each));
        const diagnostics = await document.diagnostics();
        const found = [['diagnostics', diagnostics] as const, ...(await answers(document, each))];
        await document.close();
        return found.map(
          ([what, answer]) => [what, JSON.stringify(answer).replaceAll(each, neutral(name))] as const,
        );
      }),
    );
    expect(foreign).toEqual(plain);
  }
});
