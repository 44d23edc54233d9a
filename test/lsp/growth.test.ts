import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EditorSession } from '../../bench/editor/editor-session.ts';
import { textKinds } from '../../bench/growth/long-texts.ts';
import { measureRequests, TextTimes } from '../../bench/growth/text-times.ts';
import { steepFunctions } from '../support/steps.ts';

/** How many times as long the longer text is. */
const factor = 8;

let session: EditorSession;

beforeAll(async () => {
  const [server, meter] = ['../../server/lsp/main.ts', '../support/step-meter.ts'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  session = await EditorSession.start(server!, { score: { onType: false } }, meter);
});

afterAll(async () => {
  await session.stop();
});

/** Steps of everything that is asked about a text, by function. */
async function stepsFor(text: string): Promise<ReadonlyMap<string, number>> {
  await session.reading('tally');
  await measureRequests(session, text, new TextTimes(), 1);
  return new Map(await session.reading<[string, number][]>('tally'));
}

test.each(textKinds.map((kind) => [kind.name, kind] as const))('%s', async (_, kind) => {
  const small = kind.from ?? Math.ceil(kind.most / 128);
  const [shorter, longer] = [small, factor * small].map((size) => kind.text(size)) as [string, string];
  const before = await stepsFor(shorter);
  const after = await stepsFor(longer);
  expect(steepFunctions(before, after, longer.length / shorter.length)).toEqual([]);
});
