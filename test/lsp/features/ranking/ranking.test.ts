import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { restartEngine } from '../../../../server/protocol/protocol.ts';
import { mergeTasks, scoreRanked, showProxies } from '../../../../server/protocol/ranking.ts';
import { expectHover, expectLens, expectTooltip, settledLens, TestClient } from '../../support/client.ts';
import { net, RankingClient } from './support/ranking-client.ts';

/** Scored in a moment. */
const quick = { score: { seeds: 2, indexSets: 2, debounce: 20 } };

describe('the ranking of the workspace', () => {
  test('lists without scoring, scores on request, and ranks', async () => {
    await using client = await TestClient.start({ settings: quick });
    await client.write('a.arch', net('A', 8) + net('Deep', 8, 3));
    await client.write('b.arch', net('B', 4) + 'model Broken {\n  input 8x8x3\n  classes 4\n  nothing\n}\n');
    const ranking = await RankingClient.open(client);
    await ranking.until('the list', () => ranking.progress.state === 'stopped');
    expect(ranking.states()).toEqual([
      'a.arch A unscored',
      'a.arch Deep unscored',
      'b.arch B unscored',
      'b.arch Broken invalid',
    ]);
    expect(ranking.entries.get(ranking.id('Broken'))?.message).toMatch(/^Line 10: .*nothing/);

    await ranking.start();
    await ranking.settled(3);
    expect(ranking.progress).toMatchObject({ done: 4, total: 4 });
    expect(ranking.states()[1]).toBe('a.arch Deep scored #1');
    expect(ranking.states()[3]).toBe('b.arch Broken invalid');
  });

  test('computes other scores of what is scored, and keeps them through edits', async () => {
    await using client = await TestClient.start({ settings: quick });
    await client.write('a.arch', net('A', 8) + net('Deep', 8, 3));
    const ranking = await RankingClient.open(client);
    await ranking.start();
    await ranking.settled(2);
    expect(ranking.entries.get(ranking.id('A'))?.proxies).toBeUndefined();
    const names = ['l2_norm', 'naswot', 'expressivity', 'no such proxy'];
    await client.connection.sendRequest(showProxies, { names });
    const proxies = () => ranking.entries.get(ranking.id('A'))?.proxies;
    await ranking.until('proxies', () => proxies() !== undefined);
    expect(Object.keys(proxies()!.values)).toEqual(['l2_norm', 'naswot']);
    expect(proxies()!.failed).toEqual({ expressivity: expect.stringMatching(/^not-applicable: /) as string });
    expect(proxies()!.made).toMatch(/^onnx-cpu \(.*\) · seeds 0, 1 · version \d+$/);

    const before = proxies();
    await client.write('a.arch', `// A comment.\n${net('A', 8)}${net('Deep', 9, 3)}`);
    await ranking.settled(3);
    const deep = () => ranking.entries.get(ranking.id('Deep'))?.proxies;
    await ranking.until('proxies of the edited network', () => deep()?.values['l2_norm'] !== undefined);
    expect(proxies()).toEqual(before);
  });

  test('follows files that are edited, created, renamed and deleted, and scores only what is new', async () => {
    await using client = await TestClient.start({ settings: quick });
    await client.write('a.arch', net('A', 8) + net('B', 6));
    const ranking = await RankingClient.open(client);
    await ranking.start();
    await ranking.settled(2);

    // One model of two is another network now.
    await client.write('a.arch', `// a comment\n${net('A', 8)}${net('B', 5)}`);
    await ranking.settled(3);
    expect(ranking.entries.get(ranking.id('A'))?.line).toBe(1);

    await client.write('c.arch', net('C', 7));
    await ranking.settled(4);

    // A rename moves the models with their scores.
    renameSync(join(client.folder, 'c.arch'), join(client.folder, 'd.arch'));
    await client.watched('c.arch', 3);
    await client.watched('d.arch', 1);
    await ranking.until('the renamed file', () =>
      ranking.states().some((line) => line.startsWith('d.arch C scored')),
    );
    expect(ranking.states().some((line) => line.startsWith('c.arch'))).toBe(false);

    await client.remove('a.arch');
    await ranking.until('the deletion', () => ranking.entries.size === 1);
    expect(ranking.states()).toEqual(['d.arch C scored #1']);
    expect(ranking.progress.computed).toBe(4);
  });

  test('takes the text of open files, with the scores they have', async () => {
    await using client = await TestClient.start({ settings: quick });
    await client.write('a.arch', net('A', 8));
    await client.write('b.arch', net('B', 6));
    const ranking = await RankingClient.open(client);
    const document = await client.open('a.arch', net('A', 8));
    await expectLens(document, 'A', settledLens);
    await ranking.start();
    await ranking.settled(1);
    const rank = /Rank (1|2|1–2) by VKDNW_single among 2 models of the workspace for 8×8×3 → 4/;
    await expectTooltip(document, rank);
    await expectHover(document, 'A', [rank], 'model ');

    await document.replace('conv(8', 'conv(9');
    const own = () => ranking.entries.get(ranking.id('A'));
    await ranking.until('the edited model', () => own()?.params === 4 * 9 + 4 + 9 * 27 + 18);
    await ranking.until('its score', () => own()?.state === 'scored');
    // Back on the disk nothing is new.
    await document.close();
    await ranking.until('the old text', () => own()?.params === 268);
    await ranking.until('its old score', () => own()?.state === 'scored');
  });

  test('has the models of open files where no folder is open', async () => {
    await using client = await TestClient.start({ settings: quick, folders: {} });
    await client.write('kept/a.arch', net('A', 8));
    await client.write('kept/b.arch', net('B', 6));
    await client.open('kept/a.arch', net('A', 8));
    const untitled = await client.open('untitled:Untitled-1', net('Unsaved', 8));
    await expectLens(untitled, 'Unsaved', settledLens);
    const ranking = await RankingClient.open(client);
    const names = (): string =>
      [...ranking.entries.values()]
        .map(({ model }) => model)
        .sort()
        .join();
    await ranking.until('what is open', () => names() === 'A,Unsaved');
    expect(ranking.entries.get(ranking.id('A'))).toMatchObject({ file: 'a.arch' });
    const unsaved = () => ranking.entries.get(ranking.id('Unsaved'));
    await ranking.until('the score that its lens has', () => unsaved()?.state === 'scored');
    expect(unsaved()).toMatchObject({ file: 'Untitled-1' });
    await untitled.close();
    await ranking.until('what is open still', () => names() === 'A');
  });

  test('gives ranks within a task, which tooltips of lenses name, unless tasks are merged', async () => {
    await using client = await TestClient.start({ settings: quick });
    const other = net('Other', 8, 3).replace('classes 4', 'classes 5');
    const text = net('A', 8) + net('Deep', 8, 3);
    await client.write('a.arch', text);
    await client.write('b.arch', other);
    const document = await client.open('a.arch', text);
    const ranking = await RankingClient.open(client);
    await ranking.start();
    const firsts = (): string[] => ranking.states().filter((line) => line.endsWith(' scored #1'));
    await ranking.until('a first of each task', () => firsts().length === 2);
    await expectTooltip(
      document,
      /Rank 2 by VKDNW_single among 2 models of the workspace for 8×8×3 → 4 that/,
    );
    await client.connection.sendRequest(mergeTasks, { merge: true });
    await expectTooltip(
      document,
      /Rank 3 by VKDNW_single among 3 models of .* for 8×8×3 → 4 \+ 8×8×3 → 5 .* Tasks are merged/,
    );
    await client.connection.sendRequest(mergeTasks, { merge: false });
    await expectTooltip(
      document,
      /Rank 2 by VKDNW_single among 2 models of the workspace for 8×8×3 → 4 that/,
    );
  });

  test('stops at once, keeps what it has, and goes on', async () => {
    await using client = await TestClient.start({ settings: { score: { seeds: 4 } } });
    const count = 12;
    for (let index = 0; index < count; index += 1)
      await client.write(`n${index}.arch`, net(`N${index}`, 4 + index, 4));
    const ranking = await RankingClient.open(client);
    await ranking.start();
    await ranking.until('some scores', () => ranking.progress.computed >= 2);
    await ranking.stop();
    await ranking.until('the stop', () => ranking.progress.state === 'stopped');
    const { computed } = ranking.progress;
    expect(computed).toBeLessThan(count);
    const inState = (wanted: string) => [...ranking.entries.values()].filter(({ state }) => state === wanted);
    expect(inState('scored')).toHaveLength(computed);
    expect(inState('unscored')).toHaveLength(count - computed);

    // One that is asked for is scored although the ranking is stopped.
    const [unscored] = inState('unscored');
    await client.connection.sendRequest(scoreRanked, { ids: [unscored!.id] });
    await ranking.until('the one', () => ranking.entries.get(unscored!.id)?.state === 'scored');
    // News of models and of progress come one after the other, and its draws may have been done as it was stopped.
    await ranking.until('its count', () => ranking.progress.done === computed + 1);

    await ranking.start();
    await ranking.settled(count);
  });

  test('survives the loss of the engine, and of the file that is being scored', async () => {
    await using client = await TestClient.start({ settings: { score: { seeds: 4 } } });
    for (let index = 0; index < 6; index += 1)
      await client.write(`n${index}.arch`, net(`N${index}`, 4 + index, 4));
    const ranking = await RankingClient.open(client);
    await ranking.start();
    await ranking.until('a score under way', () => ranking.progress.computed >= 1);
    await client.connection.sendRequest(restartEngine);
    if (client.engine?.pid !== undefined) killed(client.engine.pid);
    await ranking.until('another score under way', () => ranking.progress.current !== undefined);
    const gone = ranking.progress.current!.slice(1);
    await client.remove(`n${gone}.arch`);
    await ranking.until('the end', () => ranking.progress.state === 'idle' && ranking.progress.done === 5);
    expect(ranking.states()).toHaveLength(5);
    expect(ranking.states().every((line) => line.includes(' scored '))).toBe(true);
  });

  test('answers from the store after a restart, and computes nothing', async () => {
    const store = mkdtempSync(join(tmpdir(), 'archlens-ranking-store-'));
    try {
      const rank = async (computed: number): Promise<readonly string[]> => {
        await using client = await TestClient.start({ settings: quick, store });
        for (const width of [4, 5, 6]) await client.write(`n${width}.arch`, net(`N${width}`, width));
        const ranking = await RankingClient.open(client);
        await ranking.start();
        await ranking.settled(computed);
        await ranking.until('all', () => ranking.progress.done === 3);
        expect(ranking.progress.computed).toBe(computed);
        return [...ranking.entries.values()].map(({ score }) => JSON.stringify(score));
      };
      const first = await rank(3);
      expect(await rank(0)).toEqual(first);
    } finally {
      rmSync(store, { recursive: true, force: true });
    }
  });

  test('takes the files that the globs of the settings want, in each folder', async () => {
    await using client = await TestClient.start({
      settings: { ...quick, ranking: { include: [], exclude: ['drafts'] } },
    });
    await client.write('a.arch', net('A', 8));
    await client.write('drafts/b.arch', net('B', 6));
    const ranking = await RankingClient.open(client);
    await ranking.until('the list', () => ranking.progress.state === 'stopped');
    expect(ranking.states()).toEqual(['a.arch A unscored']);
  });

  test('computes a score anew on request, past everything that knows it', async () => {
    const store = mkdtempSync(join(tmpdir(), 'archlens-ranking-store-'));
    try {
      await using client = await TestClient.start({ settings: quick, store });
      await client.write('a.arch', net('A', 8));
      await client.write('b.arch', net('B', 6));
      // The same network elsewhere.
      await client.write('c.arch', net('C', 8));
      const document = await client.open('a.arch', net('A', 8));
      const ranking = await RankingClient.open(client);
      await ranking.start();
      await ranking.until('all', () => ranking.states().every((line) => line.includes(' scored ')));
      await ranking.until('the end', () => ranking.progress.state === 'idle');
      await expectLens(document, 'A', settledLens);
      const before = ranking.progress.computed;
      const scores = (): string[] => [...ranking.entries.values()].map(({ score }) => JSON.stringify(score));
      const first = scores();

      await client.connection.sendRequest(scoreRanked, { ids: [ranking.id('A')] });
      await ranking.settled(before + 1);
      // A score is a pure function.
      expect(scores()).toEqual(first);
      await client.connection.sendRequest(scoreRanked, { ids: [ranking.id('A'), ranking.id('B')] });
      await ranking.settled(before + 3);
      expect(scores()).toEqual(first);

      // What is stopped before it has a new score has the old one.
      await ranking.stop();
      await ranking.until('the stop', () => ranking.progress.state === 'stopped');
      await client.connection.sendRequest(scoreRanked, { ids: [ranking.id('B')] });
      await ranking.stop();
      await ranking.until('the old score', () => ranking.entries.get(ranking.id('B'))?.state === 'scored');
      expect(scores()).toEqual(first);
    } finally {
      rmSync(store, { recursive: true, force: true });
    }
  });

  test('ranks several folders, each with its settings and globs, as they come and go', async () => {
    await using client = await TestClient.start({
      settings: quick,
      folders: {
        one: { ranking: { include: [], exclude: ['drafts'] } },
        two: { score: { ...quick.score, seeds: 3 }, ranking: { include: ['nets/**'], exclude: [] } },
      },
    });
    await client.write('one/a.arch', net('A', 8));
    await client.write('one/drafts/draft.arch', net('Draft', 6));
    await client.write('two/nets/c.arch', net('C', 8));
    await client.write('two/d.arch', net('D', 5));
    const ranking = await RankingClient.open(client);
    await ranking.start();
    await ranking.settled(2);
    // The same network, but its scores were made with different settings: they are ranked apart.
    expect(ranking.states()).toEqual(['one/a.arch A scored #1', 'two/nets/c.arch C scored #1']);
    const seeds = (model: string) => ranking.entries.get(ranking.id(model))?.score?.settings.seeds;
    expect([seeds('A'), seeds('C')]).toEqual([2, 3]);

    await client.write('three/e.arch', net('E', 8, 3));
    await client.changeFolders({ three: {} });
    await ranking.settled(3);
    expect(ranking.states()).toEqual([
      'one/a.arch A scored #2',
      'three/e.arch E scored #1',
      'two/nets/c.arch C scored #1',
    ]);

    // A folder's settings change: what is scored stays so.
    await client.configure('one', {});
    await ranking.settled(4);
    expect(ranking.states().filter((line) => line.startsWith('one/'))).toEqual([
      expect.stringMatching(/^one\/a\.arch A scored /),
      expect.stringMatching(/^one\/drafts\/draft\.arch Draft scored /),
    ]);

    // Alone a folder is not named.
    await client.changeFolders({}, ['one', 'two']);
    await ranking.until('one folder', () => ranking.states().join() === 'e.arch E scored #1');
    await client.changeFolders({ two: { ranking: { include: [], exclude: ['nets'] } } });
    await ranking.settled(5);
    expect(ranking.states()).toEqual([
      expect.stringMatching(/^three\/e\.arch E scored /),
      expect.stringMatching(/^two\/d\.arch D scored /),
    ]);
  });

  test('leaves costly models to the user', async () => {
    await using client = await TestClient.start({ settings: { score: { ...quick.score, costLimit: 1e-6 } } });
    await client.write('a.arch', net('A', 8));
    const ranking = await RankingClient.open(client);
    await ranking.start();
    await ranking.until('the list', () => ranking.states()[0] === 'a.arch A costly');
    await client.connection.sendRequest(scoreRanked, { ids: [ranking.id('A')] });
    await ranking.until('the score', () => ranking.states()[0] === 'a.arch A scored #1');
  });
});

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The restart has ended it.
  }
}
