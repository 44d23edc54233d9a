// The ranking of a workspace by itself: no language server, no editor.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { mostSourceBytes } from '../../grammar/limits.ts';
import { readText } from '../../server/base/read-file.ts';
import { parsedUri } from '../../server/base/uris.ts';
import { Project } from '../../server/language/project.ts';
import { readSettings } from '../../server/protocol/settings.ts';
import { Scheduler } from '../../server/score/scheduler.ts';
import { ScoreBoard } from '../../server/scoring/score-board.ts';
import { ScoreThread } from '../../server/scoring/score-thread.ts';
import { Documents } from '../../server/workspace/documents.ts';
import type { RankingHost } from '../../server/workspace/ranking-host.ts';
import { WorkspaceFiles } from '../../server/workspace/workspace-files.ts';
import { WorkspaceRanking } from '../../server/workspace/workspace-ranking.ts';

const net = (name: string, width: number): string =>
  `model ${name} { input 8x8x3 classes 4 conv(${width}, 3x3) -> bn -> relu -> gap -> dense(classes) }\n`;

/** A folder, and what a ranking of it needs. */
class Workspace implements AsyncDisposable, RankingHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'archlens-ranking-'));
  readonly failures: string[] = [];
  readonly documents = new Documents();
  readonly project = new Project({ read: (uri) => this.#read(uri) });
  readonly workspace = new WorkspaceFiles(this.documents, this.project);
  readonly scheduler = new Scheduler();
  readonly settings = {
    load: () => Promise.resolve(readSettings({ score: { seeds: 2, indexSets: 2 } }).settings),
  };
  readonly scoring = new ScoreThread(
    { engine: readSettings(undefined).settings.engine, store: { limit: 0 } },
    () => undefined,
  );
  readonly #listeners: ((uri: string) => void)[] = [];
  readonly board = new ScoreBoard({
    scorer: this.scoring,
    scheduler: this.scheduler,
    log: (line) => {
      this.fail(line);
    },
    onChange: (uri) => {
      for (const listener of this.#listeners) listener(uri);
    },
  });

  constructor() {
    this.documents.onChange(({ uri }) => {
      this.project.invalidate(uri);
    });
    this.workspace.setFolders([{ uri: pathToFileURL(this.folder).href }]);
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  onScores(listener: (uri: string) => void): void {
    this.#listeners.push(listener);
  }

  textOf(uri: string): TextDocument {
    return this.documents.get(uri) ?? TextDocument.create(uri, 'arch', 0, this.project.module(uri).text);
  }

  log(): void {
    // Says nothing that the tests ask for.
  }

  fail(line: string): void {
    this.failures.push(line);
  }

  background(what: string, work: () => void | Promise<void>): void {
    void (async () => {
      await work();
    })().catch((error: unknown) => {
      this.fail(`${what}: ${String(error)}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scoring.dispose();
    rmSync(this.folder, { recursive: true });
  }

  #read(uri: string): string | undefined {
    return this.documents.get(uri)?.getText() ?? readText(parsedUri(uri)!.fsPath, mostSourceBytes);
  }
}

test('lists, scores and follows the files of a folder', async () => {
  await using workspace = new Workspace();
  workspace.write('a.arch', net('Narrow', 4));
  workspace.write('b.arch', `${net('Wide', 8)}model Broken { input 8x8x3 classes 4 con(4) }\n`);
  const ranking = new WorkspaceRanking(workspace, () => undefined);
  const states = (): readonly string[] =>
    [...ranking.items.all()].map(({ entry }) => `${entry.file} ${entry.model} ${entry.state}`).sort();
  const until = async (expected: readonly string[]): Promise<void> => {
    while (states().join() !== expected.join() || ranking.progress().state === 'scoring') await sleep(10);
  };
  expect(ranking.progress().state).toBe('closed');

  await ranking.open();
  await until(['a.arch Narrow unscored', 'b.arch Broken invalid', 'b.arch Wide unscored']);

  ranking.start();
  await until(['a.arch Narrow scored', 'b.arch Broken invalid', 'b.arch Wide scored']);
  expect(ranking.progress()).toMatchObject({ done: 3, total: 3, computed: 2 });

  // An edit is taken up, and what moves keeps its score.
  workspace.documents.didOpen(workspace.uri('a.arch'), 'arch', 1, net('Other', 4));
  await until(['a.arch Other scored', 'b.arch Broken invalid', 'b.arch Wide scored']);
  expect(ranking.progress().computed).toBe(2);
  expect(workspace.failures).toEqual([]);
});

test('stops computing other scores when it is told to, and goes on when it is started again', async () => {
  await using workspace = new Workspace();
  workspace.write('a.arch', net('Narrow', 4));
  workspace.write('b.arch', net('Wide', 8));
  const states = new Set<string>();
  const ranking = new WorkspaceRanking(workspace, () => states.add(ranking.progress().state));
  const measured = (): number => [...ranking.items.all()].filter(({ entry }) => entry.proxies).length;
  ranking.start();
  while (ranking.progress().state !== 'idle') await sleep(5);
  ranking.showProxies(['naswot']);
  while (ranking.progress().state !== 'measuring') await sleep(1);
  expect(ranking.progress().current).toBe('Narrow');
  ranking.stop();
  while (ranking.progress().state !== 'stopped') await sleep(5);
  expect(measured()).toBe(0);

  ranking.start();
  while (measured() < 2) await sleep(5);
  expect([...ranking.items.all()].map(({ entry }) => Object.keys(entry.proxies!.values))).toEqual([
    ['naswot'],
    ['naswot'],
  ]);
  expect(states).toContain('measuring');
  expect(workspace.failures).toEqual([]);
});

test('tries other scores again that failed, when it is started again or a model is scored again', async () => {
  await using workspace = new Workspace();
  workspace.write('a.arch', net('Narrow', 4));
  const ranking = new WorkspaceRanking(workspace, () => undefined);
  ranking.start();
  while (ranking.progress().state !== 'idle') await sleep(5);
  const [item] = ranking.items.all();
  const naswot = () => [...ranking.items.all()][0]!.entry.proxies!;
  for (const again of [
    () => {
      ranking.start();
    },
    () => {
      ranking.score([item!.entry.id]);
    },
  ]) {
    const failed = { naswot: 'unavailable: No engine.' };
    ranking.items.learnProxies(item!.digest!, { values: {}, failed, made: '' });
    expect(naswot().failed).toEqual(failed);
    again();
    expect(naswot().failed).toEqual({});
    while (ranking.progress().state !== 'idle') await sleep(5);
  }
});
