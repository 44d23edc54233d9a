import type { InitializeParams, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import { rankEntries } from '../../../ranking/ranking.ts';
import type { RankedEntry } from '../../../ranking/ranked-entry.ts';
import type { RankingEntry } from '../../../ranking/entry.ts';
import { Delayed } from '../../../base/delayed.ts';
import { sameUri } from '../../../base/uris.ts';
import { formatInteger } from '../../../base/quantities.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';
import { idOf } from '../../../workspace/ranking-items.ts';
import * as protocol from '../../../protocol/ranking.ts';
import type { RankingScoreParams, RankingSnapshot } from '../../../protocol/ranking.ts';
import type { RankingProgress } from '../../../ranking/progress.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { standingOf, type Standing } from '../lenses/standing.ts';
import { WorkspaceRanking } from '../../../workspace/workspace-ranking.ts';

const folders = { filters: [{ scheme: 'file', pattern: { glob: '**/*', matches: 'folder' as const } }] };

/** Milliseconds in which changes are gathered before the client is told. */
const pause = 100;
/** While much changes, ranks on lenses follow this much later (milliseconds): every new score moves many. */
const lensPause = 1500;

/** Requests about the ranking of the workspace, the news of it, and the ranks on lenses. */
export class RankingFeature implements Feature {
  readonly capabilities = {
    workspace: { fileOperations: { didRename: folders, didDelete: folders } },
  };
  readonly #session: Session;
  readonly #ranking: WorkspaceRanking;
  readonly #rankListeners: (() => void)[] = [];
  readonly #telling = new Delayed(pause, () => {
    this.#tell();
  });
  readonly #rankingLenses = new Delayed(lensPause, () => {
    this.#rankLenses();
  });
  #told = '';
  #listening = false;
  #ranks: ReadonlyMap<string, RankedEntry> = new Map();
  /** By key of their group. */
  #groups: ReadonlyMap<string, readonly RankingEntry[]> = new Map();
  /** By id; made anew with the ranks. */
  readonly #standings = new Map<string, Standing>();
  #mergeTasks = false;
  #reporter: WorkDoneProgressServerReporter | undefined;
  #reporting = false;

  constructor(session: Session) {
    this.#session = session;
    this.#ranking = new WorkspaceRanking(session, () => {
      this.#telling.start();
    });
  }

  /** The ranks on lenses have changed. */
  onRanks(listener: () => void): void {
    this.#rankListeners.push(listener);
  }

  listen(): void {
    const { connection, workspace } = this.#session;
    const guardBare = this.#session.guardBare.bind(this.#session);
    connection.onRequest(
      protocol.openRanking,
      guardBare('Opening the ranking', { entries: [], progress: this.#ranking.progress() }, () =>
        this.#open(),
      ),
    );
    connection.onRequest(
      protocol.startRanking,
      guardBare('Ranking', null, () => {
        this.#ranking.start();
        return null;
      }),
    );
    connection.onRequest(
      protocol.stopRanking,
      guardBare('Stopping the ranking', null, () => {
        this.#ranking.stop();
        this.#telling.cancel();
        this.#tell();
        return null;
      }),
    );
    connection.onRequest(
      protocol.scoreRanked,
      this.#session.guard('Scoring', null, ({ ids }: RankingScoreParams) => {
        this.#ranking.score(ids);
        return null;
      }),
    );
    connection.onRequest(
      protocol.showProxies,
      this.#session.guard('Showing proxies', null, ({ names }: { readonly names: readonly string[] }) => {
        this.#ranking.showProxies(names);
        return null;
      }),
    );
    connection.onRequest(
      protocol.mergeTasks,
      this.#session.guard('Merging tasks', null, ({ merge }: { readonly merge: boolean }) => {
        this.#mergeTasks = merge;
        this.#rankLenses();
        return null;
      }),
    );
    // Folders that move and go are told without the files in them.
    const rescan = (): void => {
      workspace.rescan();
      this.#ranking.changed();
    };
    connection.workspace.onDidRenameFiles(rescan);
    connection.workspace.onDidDeleteFiles(rescan);
  }

  initialized({ capabilities }: InitializeParams): void {
    if (capabilities.workspace?.workspaceFolders !== true) return;
    this.#session.connection.workspace.onDidChangeWorkspaceFolders(() => {
      // One that comes back may have other settings than it had.
      this.#ranking.settingsChanged();
    });
  }

  filesChanged(): void {
    this.#ranking.changed();
  }

  settingsChanged(): void {
    this.#ranking.settingsChanged();
  }

  /** The place of a model of an open document, where the ranking has the very score that the document shows. */
  standingOf(uri: string, model: ModelScore): Standing | undefined {
    const ranked = this.#ranks.get(idOf(sameUri(uri), model.name));
    if (ranked === undefined || (model.state !== 'current' && model.state !== 'quick')) return undefined;
    const { entry } = ranked;
    const { score } = entry;
    if (score === undefined) return undefined;
    const same =
      score.vkdnw === model.score.vkdnw &&
      JSON.stringify(score.settings) === JSON.stringify(model.score.settings);
    if (!same) return undefined;
    const known = this.#standings.get(entry.id);
    if (known !== undefined) return known;
    const standing = standingOf(ranked, this.#groups.get(ranked.group ?? '') ?? []);
    if (standing !== undefined) this.#standings.set(entry.id, standing);
    return standing;
  }

  #open(): RankingSnapshot {
    this.#session.background('Opening the ranking', () => this.#ranking.open());
    // The answer tells the client of them, but not the lenses.
    this.#takeChanges();
    this.#listening = true;
    const entries = [...this.#ranking.items.all()].map(({ entry }) => entry);
    return { entries, progress: this.#ranking.progress() };
  }

  #tell(): void {
    const progress = this.#ranking.progress();
    this.#report(progress);
    const change = { ...this.#takeChanges(), progress };
    const text = JSON.stringify(progress);
    if (!this.#listening) return;
    if (change.entries.length === 0 && change.removed.length === 0 && text === this.#told) return;
    this.#told = text;
    this.#session.background('Telling the ranking', () =>
      this.#session.connection.sendNotification(protocol.rankingChanged, change),
    );
  }

  /** What has changed since it was last asked for, of which lenses will hear as well. */
  #takeChanges(): Omit<protocol.RankingChange, 'progress'> {
    const changes = this.#ranking.items.takeChanges();
    if (changes.entries.length > 0 || changes.removed.length > 0) this.#rankingLenses.start();
    return changes;
  }

  #rankLenses(): void {
    const entries = [...this.#ranking.items.all()].map(({ entry }) => entry);
    const { groups } = rankEntries(entries, 'single', {}, [], { mergeTasks: this.#mergeTasks });
    const rows = groups.flatMap((group) => group.rows);
    this.#ranks = new Map(rows.map((row) => [row.entry.id, row]));
    this.#standings.clear();
    this.#groups = new Map(groups.map((group) => [group.key, group.rows.map(({ entry }) => entry)]));
    for (const listener of this.#rankListeners) listener();
  }

  /** A progress of the editor's own, for as long as models are scored; it can be cancelled there. */
  #report(progress: RankingProgress): void {
    const { state, done, total, current } = progress;
    if (state !== 'scoring' && state !== 'listing') {
      this.#reporter?.done();
      this.#reporter = undefined;
      this.#reporting = false;
      return;
    }
    const share = total === 0 ? 0 : Math.floor((100 * done) / total);
    const message = `${formatInteger(done)} of ${formatInteger(total)}${current === undefined ? '' : ` · ${current}`}`;
    this.#reporter?.report(share, message);
    if (this.#reporting || state !== 'scoring') return;
    this.#reporting = true;
    this.#session.background('Showing progress', async () => {
      const reporter = await this.#session.connection.window.createWorkDoneProgress();
      reporter.begin('Ranking architectures', share, message, true);
      reporter.token.onCancellationRequested(() => {
        this.#ranking.stop();
      });
      if (this.#reporting) this.#reporter = reporter;
      else reporter.done();
    });
  }
}
