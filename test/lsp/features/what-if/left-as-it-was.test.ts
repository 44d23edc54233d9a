// Improvements that are cancelled or not accepted, and lists of alternatives that are closed, leave everything as it was: of ten models
// lens, panel, list of models, file and stored scores are compared whole. bench/editor/discarded.ts does the same with published networks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancellationTokenSource } from 'vscode-languageserver-protocol';
import { expect, test } from 'vitest';
import {
  editorStateOf,
  isSettled,
  storedScores,
  type EditorState,
} from '../../../../bench/editor/editor-state.ts';
import {
  alternativeScored,
  closeAlternatives,
  improveModel,
  improveProgress,
  openAlternatives,
} from '../../../../server/protocol/what-if.ts';
import type { ImproveParams } from '../../../../server/protocol/what-if.ts';
import { TestClient, type OpenDocument } from '../../support/client.ts';

const settings = { score: { seeds: 2, samples: 32, indexSets: 1, debounce: 20 } };

const end = 'gap -> dense(classes)';

const bodies: Readonly<Record<string, string>> = {
  Plain: `conv(6, 3x3) -> bn -> relu -> conv(6, 3x3) -> bn -> relu -> ${end}`,
  Residual: `conv(6, 3x3) -> residual { conv(6, 3x3) -> bn -> relu } -> ${end}`,
  Parallel: `parallel concat { branch { conv(4, 3x3) } branch { conv(4, 1x1) } } -> bn -> relu -> ${end}`,
  Depthwise: `conv(6, 1x1) -> dwconv(3x3) -> bn -> relu -> conv(6, 1x1) -> ${end}`,
  Grouped: `conv(8, 3x3) -> bn -> relu -> conv(8, 3x3, groups = 2) -> bn -> relu -> ${end}`,
  Pooled: `conv(6, 3x3) -> bn -> relu -> maxpool(2x2) -> conv(6, 3x3) -> bn -> relu -> ${end}`,
  Repeated: `conv(4, 3x3) -> bn -> relu\n  repeat 2 { conv(4, 3x3) -> bn -> relu }\n  ${end}`,
  Gated: `conv(8, 3x3) -> bn -> se(ratio = 2) -> relu -> ${end}`,
  Called: `Unit(6)\n  Unit(6)\n  ${end}`,
  Smooth: `conv(6, 3x3) -> layernorm -> gelu -> conv(6, 3x3) -> ${end}`,
};

const models = Object.entries(bodies).map(
  ([name, body]) => `model ${name} {\n  input 8x8x3\n  classes 4\n  ${body}\n}\n`,
);
const text = `block Unit(c) {\n  conv(c, 3x3) -> bn -> relu\n}\n\n${models.join('\n')}`;

async function stateOf({ client, uri }: OpenDocument, model: string): Promise<EditorState> {
  return await editorStateOf(client.connection, uri, model);
}

test('an improvement that is cancelled or discarded leaves ten models as they were, and so does a closed list', async () => {
  const store = mkdtempSync(join(tmpdir(), 'archlens-store-'));
  try {
    await using client = await TestClient.start({ settings, store });
    let [tried, scored] = [0, 0];
    client.connection.onNotification(improveProgress, (news) => {
      tried = Math.max(tried, news.tried);
      client.wake();
    });
    client.connection.onNotification(alternativeScored, () => {
      scored += 1;
      client.wake();
    });
    await client.write('ten.arch', text);
    const document = await client.open('ten.arch', text);
    const { uri } = document;
    const names = Object.keys(bodies);
    for (const name of names)
      await client.until(`all there is of ${name}`, async () =>
        isSettled(await stateOf(document, name)) ? true : undefined,
      );
    // Ranks on lenses follow scores after a while.
    await client.until('the ranks of all', async () =>
      (await document.lenses()).every(({ command }) =>
        command?.tooltip?.includes(`among ${names.length} models`),
      )
        ? true
        : undefined,
    );
    const all = async (): Promise<readonly EditorState[]> => {
      const states: EditorState[] = [];
      for (const name of names) states.push(await stateOf(document, name));
      return states;
    };
    const before = await all();
    const kept = storedScores(store);
    expect(before.map(({ panel }) => panel?.picture?.model)).toEqual(names);
    expect(kept.size).toBeGreaterThanOrEqual(2 * names.length);
    const same = async (index: number): Promise<void> => {
      expect(await stateOf(document, names[index]!)).toEqual(before[index]);
    };
    for (const [index, model] of names.entries()) {
      const budget = { maxParams: 1e6, maxMacs: 1e9 };
      const improvement: ImproveParams = { uri, model, budget, steps: 1, kinds: ['kernel', 'pooling'] };
      tried = 0;
      const cancelling = new CancellationTokenSource();
      const cancelled = client.connection.sendRequest(improveModel, improvement, cancelling.token);
      await client.until(`a change of ${model} that was tried`, () => (tried > 0 ? true : undefined));
      await same(index);
      cancelling.cancel();
      expect(await cancelled, model).toMatchObject({ end: 'cancelled', text });
      await same(index);
      // What is found is shown by the editor alone: who discards it says nothing to the server.
      const found = await client.connection.sendRequest(improveModel, {
        ...improvement,
        kinds: ['pooling'],
      });
      expect(['steps', 'no better neighbour'], model).toContain(found!.end);
      await same(index);
      scored = 0;
      const position = document.position('3x3', `model ${model} `);
      const list = await client.connection.sendRequest(openAlternatives, { uri, position });
      if (typeof list === 'string') throw new Error(list);
      await client.until('an alternative that was scored', () => (scored > 0 ? true : undefined));
      await client.connection.sendRequest(closeAlternatives, { id: list.id });
      await same(index);
    }
    expect(await all()).toEqual(before);
    const now = storedScores(store);
    expect([...kept].filter(([path, digest]) => now.get(path) !== digest)).toEqual([]);
  } finally {
    rmSync(store, { recursive: true });
  }
});
