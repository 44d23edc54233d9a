import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EditorSession } from '../../bench/editor/editor-session.ts';
import { textKinds } from '../../bench/growth/long-texts.ts';
import { askEverything, idle } from '../../bench/growth/text-times.ts';
import { steepFunctions } from '../support/steps.ts';

/** How many times as long the longer text is. */
const factor = 8;

/** For the shorter and the longer text of a kind, which are asked about side by side: most of it is waiting. */
let servers: readonly EditorSession[];

beforeAll(async () => {
  // Of compiled code that was kept, steps are not counted.
  vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '1');
  servers = await Promise.all([start(), start()]);
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

async function start(): Promise<EditorSession> {
  const [main, meter] = ['../../server/lsp/main.ts', '../support/step-meter.ts'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const server = await EditorSession.start(main!, { score: { onType: false } }, meter);
  // The server warms up by itself, from a moment after its start.
  while (
    ![...(await tallyOf(server)).keys()].some((name) => name.startsWith('server/lsp/warm-up.ts keystroke'))
  )
    await sleep(100);
  await idle(server);
  return server;
}

/** Steps since this was asked for the last time, by function. */
async function tallyOf(server: EditorSession): Promise<ReadonlyMap<string, number>> {
  return new Map(await server.reading<[string, number][]>('tally'));
}

/** Steps of everything that is asked about a text, by function. */
async function stepsFor(server: EditorSession, text: string): Promise<ReadonlyMap<string, number>> {
  await tallyOf(server);
  await askEverything(server, text);
  return await tallyOf(server);
}

// When the server does what is not urgent is up to its clock: what is steep is so each time, what only fell to one of two texts is not.
test.each(textKinds.map((kind) => [kind.name, kind] as const))('%s', { retry: 2 }, async (_, kind) => {
  const small = kind.from ?? Math.ceil(kind.most / 256);
  const texts = [small, factor * small].map((size) => kind.text(size));
  const [shorter, longer] = texts.map(({ length }) => length) as [number, number];
  const [before, all] = (await Promise.all(texts.map((text, index) => stepsFor(servers[index]!, text)))) as [
    ReadonlyMap<string, number>,
    ReadonlyMap<string, number>,
  ];
  const after = new Map(
    // Of a short text an edit leaves little that is moved instead of parsed: moving may seem to grow faster than it does. How often a text
    // is linted is up to the server's clock.
    [...all].filter(
      ([name, taken]) =>
        !/^(?:grammar\/incremental|server\/language\/lint)\//.test(name) || taken > 20 * longer,
    ),
  );
  // What is quadratic in what a text is made of takes hundreds of steps a character; what the server does on its own, a few.
  expect(steepFunctions(before, after, longer / shorter, 4 * longer)).toEqual([]);
});
