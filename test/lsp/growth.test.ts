import { setTimeout as sleep } from 'node:timers/promises';
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
  // The server warms up by itself, from a moment after its start (`warm-up.ts`).
  let now = 0;
  for (let before = -Infinity; now - before > 1000;) {
    await sleep(3000);
    before = now;
    now = await session.reading('steps');
  }
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
  const small = kind.from ?? Math.ceil(kind.most / 256);
  const [shorter, longer] = [small, factor * small].map((size) => kind.text(size)) as [string, string];
  const before = await stepsFor(shorter);
  const after = new Map(
    // Of a short text an edit leaves little that is moved instead of parsed: moving may seem to grow faster than it does.
    [...(await stepsFor(longer))].filter(
      ([name, taken]) => !name.startsWith('grammar/incremental/') || taken > 20 * longer.length,
    ),
  );
  // What is quadratic in what a text is made of takes hundreds of steps a character; what the server does on its own, a few.
  expect(steepFunctions(before, after, longer.length / shorter.length, 4 * longer.length)).toEqual([]);
});
