// What a cancelled or discarded improvement and a closed list of alternatives leave behind, with ten published networks: lens, panel, list of
// models, the file on the disk and the stored scores are compared whole, before and after. Argument: the built server, unless given the
// sources. A table in Markdown goes to standard output, and the exit code is 1 where anything differs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { pathToFileURL } from 'node:url';
import { CancellationTokenSource } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { formatCount, formatScore } from '../../server/base/quantities.ts';
import {
  alternativeScored,
  closeAlternatives,
  improveModel,
  improveProgress,
  openAlternatives,
  type ImproveParams,
} from '../../server/protocol/what-if.ts';
import { advisedNetworks, type AdvisedNetwork } from '../evaluation/advised-networks.ts';
import { rowOf, tableHead } from '../evaluation/markdown-tables.ts';
import { editorStateOf, isSettled, storedScores, type EditorState } from './editor-state.ts';
import { EditorSession } from './editor-session.ts';

const root = join(import.meta.dirname, '../..');
const [server = join(root, 'server/lsp/main.ts')] = process.argv.slice(2);

/** Few draws: what is compared does not depend on how sure the scores are. */
const settings = { score: { seeds: 2, samples: 32, indexSets: 1, debounce: 20 } };

/** Milliseconds between two looks. */
const pause = 200;
/** Milliseconds after which lenses have their ranks. */
const rankPause = 4000;

const store = mkdtempSync(join(tmpdir(), 'archlens-discarded-'));
process.env['ARCHLENS_STORE'] = store;
const session = await EditorSession.start(server, settings);
const { connection } = session;
let [tried, scored] = [0, 0];
connection.onNotification(improveProgress, (news) => {
  tried = Math.max(tried, news.tried);
});
connection.onNotification(alternativeScored, () => {
  scored += 1;
});
try {
  process.stdout.write(
    `${tableHead(['network', 'parameters', 'VKDNW', 'cancelled after', 'found and discarded', 'what differs']).join('\n')}\n`,
  );
  for (const network of advisedNetworks) process.stdout.write(`${rowOf(await rowFor(network))}\n`);
} finally {
  await session.stop();
  rmSync(store, { recursive: true });
}

async function rowFor({ file, model, place, kinds }: AdvisedNetwork): Promise<readonly string[]> {
  const path = join(root, 'examples', file);
  const uri = pathToFileURL(path).href;
  const text = readFileSync(path, 'utf8');
  await session.open(uri, text);
  const state = (): Promise<EditorState> => editorStateOf(connection, uri, model);
  let before = await state();
  // Ranks on lenses follow scores after a while.
  await until(async () => {
    await sleep(rankPause);
    const last = before;
    before = await state();
    return isSettled(before) && isDeepStrictEqual(before, last);
  });
  const kept = storedScores(store);
  const differs = new Set<string>();
  const compare = async (): Promise<void> => {
    const now = await state();
    for (const part of Object.keys(before) as (keyof EditorState)[])
      if (!isDeepStrictEqual(now[part], before[part])) differs.add(part);
    const stored = storedScores(store);
    if ([...kept].some(([name, digest]) => stored.get(name) !== digest)) differs.add('stored scores');
  };

  const { params, macs, vkdnw } = before.panel!.picture!;
  const improvement: ImproveParams = {
    uri,
    model,
    budget: { maxParams: 2 * params, maxMacs: 2 * macs },
    steps: 1,
    kinds,
  };
  tried = 0;
  const cancelling = new CancellationTokenSource();
  const cancelled = connection.sendRequest(improveModel, improvement, cancelling.token);
  await until(() => tried >= 2);
  await compare();
  const after = tried;
  cancelling.cancel();
  await cancelled;
  await compare();
  // What is found is shown by the editor alone: who discards it says nothing to the server.
  const found = await connection.sendRequest(improveModel, { ...improvement, kinds: ['depth', 'pooling'] });
  await compare();
  scored = 0;
  const document = TextDocument.create(uri, 'arch', 1, text);
  const position = document.positionAt(text.indexOf(place));
  const list = await connection.sendRequest(openAlternatives, { uri, position });
  if (typeof list === 'string') throw new Error(list);
  await until(() => scored > 0);
  await connection.sendRequest(closeAlternatives, { id: list.id });
  await compare();
  await session.close(uri);
  if (differs.size > 0) process.exitCode = 1;
  return [
    model,
    formatCount(params),
    formatScore(vkdnw.value, vkdnw.se),
    `${after} changes`,
    found === null || found.steps.length === 0 ? 'nothing' : found.steps.map(({ title }) => title).join('; '),
    differs.size === 0 ? 'nothing' : [...differs].join(', '),
  ];
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(pause);
}
