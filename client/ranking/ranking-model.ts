import * as vscode from 'vscode';
import { Delayed } from '../../server/base/delayed.ts';
import {
  mergeTasks,
  openRanking,
  rankingChanged,
  scoreRanked,
  showProxies,
  startRanking,
  stopRanking,
} from '../../server/protocol/ranking.ts';
import type { RankingProgress } from '../../server/ranking/progress.ts';
import { columnOf, type ColumnSpec } from '../../server/proxies/column-spec.ts';
import { proxiesFor } from '../../server/proxies/ranking-columns.ts';
import { proxyOf } from '../../server/ranking/columns.ts';
import type { RankingEntry } from '../../server/ranking/entry.ts';
import { rankEntries } from '../../server/ranking/ranking.ts';
import type { Ranking } from '../../server/ranking/ranking.ts';
import { betterScore, judgedScore } from '../../server/ranking/trust.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { completeStep } from '../walkthrough/steps.ts';
import { columnsNamed, onAggregatesChanged } from './aggregates.ts';
import { readState } from './view-state.ts';
import type { RankingViewState } from './view-state.ts';

const stateKey = 'archlens.ranking';
/** While models are scored, views are drawn again at most this often (milliseconds). */
const pause = 400;

const closed: RankingProgress = { state: 'closed', done: 0, total: 0, computed: 0 };

/** What the server says of the ranking, and how the user looks at it. */
export class RankingModel implements vscode.Disposable {
  private readonly server: LanguageServer;
  private readonly memento: vscode.Memento;
  private readonly entries = new Map<string, RankingEntry>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly selectedChanged = new vscode.EventEmitter<'tree' | 'leaderboard'>();
  private readonly subscriptions: vscode.Disposable;
  private current: RankingProgress = closed;
  private viewState: RankingViewState;
  private ranked: Ranking | undefined;
  private specs: readonly ColumnSpec[] | undefined;
  private selectedId: string | undefined;
  private wanted = false;
  private readonly announcing = new Delayed(pause, () => {
    this.announce();
  });
  /** Entries, progress or state have changed. */
  readonly onChange = this.changed.event;
  /** Another model is selected; tells in which of the two views it was. */
  readonly onSelected = this.selectedChanged.event;

  constructor(server: LanguageServer, memento: vscode.Memento) {
    this.server = server;
    this.memento = memento;
    this.viewState = readState(memento.get(stateKey));
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      this.selectedChanged,
      server.onNotification(rankingChanged, ({ entries, removed, progress }) => {
        for (const entry of entries) this.entries.set(entry.id, entry);
        for (const id of removed) this.entries.delete(id);
        this.update(progress);
      }),
      onAggregatesChanged(() => {
        void this.takeColumns();
        this.announce();
      }),
      server.onState((state) => {
        // A new server knows nothing; what is shown stays until it answers, or goes when there is none.
        if (state === 'running') void this.connect();
        if (state !== 'failed') return;
        this.entries.clear();
        this.update(closed);
      }),
    );
  }

  get progress(): RankingProgress {
    return this.current;
  }

  get state(): RankingViewState {
    return this.viewState;
  }

  get ranking(): Ranking {
    this.ranked ??= rankEntries(
      this.all(),
      this.viewState.sort,
      this.viewState.filter,
      this.columns.map(columnOf),
      this.viewState,
    );
    return this.ranked;
  }

  /** Proxies and aggregates that are shown besides. */
  get columns(): readonly ColumnSpec[] {
    this.specs ??= columnsNamed(this.viewState.columns);
    return this.specs;
  }

  get selected(): string | undefined {
    return this.selectedId;
  }

  all(): readonly RankingEntry[] {
    return [...this.entries.values()];
  }

  get(id: string): RankingEntry | undefined {
    return this.entries.get(id);
  }

  /** Somebody looks: the server lists the workspace, and goes on ranking where the user wants it. */
  async open(): Promise<void> {
    if (this.wanted) return;
    this.wanted = true;
    await this.connect();
  }

  /** @returns whether a server took it on */
  async start(): Promise<boolean> {
    completeStep('ranked');
    this.change({ active: true });
    if (!this.wanted) {
      await this.open();
      return this.server.state === 'running';
    }
    return (await this.server.ask(startRanking)) !== undefined;
  }

  async stop(): Promise<void> {
    this.change({ active: false });
    await this.server.ask(stopRanking);
  }

  async score(ids: readonly string[]): Promise<void> {
    await this.server.request(scoreRanked, { ids });
  }

  /** Looks at it in another way, also after a reload. */
  change(part: Partial<RankingViewState>): void {
    this.viewState = { ...this.viewState, ...part };
    if (part.columns !== undefined) void this.takeColumns();
    if (part.mergeTasks !== undefined) void this.tellMerging();
    void this.memento.update(stateKey, this.viewState);
    this.announce();
  }

  /** Scores that are known to order these models better than what ranks are made by, the one of the largest group first. */
  get betterScores(): readonly string[] {
    const { measure, groups } = this.ranking;
    const score = judgedScore(measure);
    if (score === undefined) return [];
    const found = groups.flatMap(({ comparisons }) => betterScore(comparisons, score) ?? []);
    return [...new Set(found)];
  }

  /** Sorts by the score that is known to order these models better, as a column where it is none yet. @returns whether there is one */
  showBetter(name: string | undefined = this.betterScores[0]): boolean {
    if (name === undefined) return false;
    const { columns } = this.viewState;
    // Also counts: as scores their highest comes first.
    this.change({ columns: columns.includes(name) ? columns : [...columns, name], sort: `proxy:${name}` });
    return true;
  }

  select(id: string | undefined, where: 'tree' | 'leaderboard'): void {
    if (id === this.selectedId) return;
    this.selectedId = id;
    this.selectedChanged.fire(where);
  }

  dispose(): void {
    this.announcing.cancel();
    this.subscriptions.dispose();
  }

  private async connect(): Promise<void> {
    if (!this.wanted || this.server.state !== 'running') return;
    const snapshot = await this.server.ask(openRanking);
    if (snapshot === undefined) return;
    this.entries.clear();
    for (const entry of snapshot.entries) this.entries.set(entry.id, entry);
    this.update(snapshot.progress);
    await this.takeColumns();
    await this.tellMerging();
    if (this.viewState.active) await this.server.ask(startRanking);
  }

  /** The columns may be others, or aggregates of other parts. */
  private async takeColumns(): Promise<void> {
    this.specs = undefined;
    const { sort } = this.viewState;
    const sorted = proxyOf(sort);
    if (sorted !== undefined && !this.columns.some(({ name }) => name === sorted))
      this.viewState = { ...this.viewState, sort: 'single' };
    if (this.wanted && this.server.state === 'running')
      await this.server.request(showProxies, { names: proxiesFor(this.columns) });
  }

  /** The ranks on lenses are made as those of the view. */
  private async tellMerging(): Promise<void> {
    if (this.wanted && this.server.state === 'running')
      await this.server.request(mergeTasks, { merge: this.viewState.mergeTasks });
  }

  private update(progress: RankingProgress): void {
    const same = progress.state === this.current.state;
    this.current = progress;
    this.ranked = undefined;
    if (!same || progress.state === 'idle' || progress.state === 'stopped') this.announce();
    else this.announcing.start();
  }

  private announce(): void {
    this.announcing.cancel();
    this.ranked = undefined;
    this.changed.fire();
  }
}
