// Nothing is reported in the examples, also not when their scores have been looked into.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { insight } from '../../server/protocol/insight.ts';
import { messageText, TestClient } from './support/client.ts';
import type { OpenDocument } from './support/client.ts';

const folder = new URL('../../examples/', import.meta.url);

/** The fewest images: logits explode or not, and MobileNetV2 is done within seconds. */
const settings = { score: { setting: 'live', seeds: 2, debounce: 20 } };

/** Reported last, when everything before has been. */
const loud = `model Loud {
  input 8x8x3
  classes 4
  conv(8, 3x3)
  repeat 24 { residual { conv(8, 3x3) -> conv(8, 3x3) } }
  gap -> dense(classes)
}
`;

async function lookInto({ client, uri, text }: OpenDocument): Promise<number> {
  const models = [...text.matchAll(/^model (\w+)/gm)].map(([, name]) => name!);
  for (const model of models) {
    await client.until(`an insight into ${model}`, async () => {
      const answer = await client.connection.sendRequest(insight, { uri, model, compute: true });
      if (answer?.score === 'failed' || answer?.state === 'failed')
        throw new Error(`${model}: ${answer.failure?.message ?? 'no score'}`);
      return answer?.state === 'current' ? true : undefined;
    });
  }
  return models.length;
}

test('no diagnostic in any example', async () => {
  await using client = await TestClient.start({ settings });
  const documents: OpenDocument[] = [];
  let models = 0;
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.arch'))) {
    const url = new URL(name, folder);
    const document = await client.open(url.href, readFileSync(url, 'utf8'));
    documents.push(document);
    models += await lookInto(document);
  }
  expect(models).toBeGreaterThan(6);

  const last = await client.open('loud.arch', loud);
  await lookInto(last);
  await client.until('what the last score tells', () =>
    client.diagnostics.get(last.uri)?.diagnostics.some(({ code }) => code === 'exploding-logits')
      ? true
      : undefined,
  );
  const found = documents.flatMap(({ uri }) =>
    client.diagnostics
      .get(uri)!
      .diagnostics.map(({ code, message }) => `${uri}: ${code ?? ''} ${messageText(message)}`),
  );
  expect(found).toEqual([]);
});
