import type { CodeLens, InitializeParams } from 'vscode-languageserver/node';
import { CodeLensRefreshRequest } from 'vscode-languageserver/node';
import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import { Delayed } from '../../../base/delayed.ts';
import { sameUri } from '../../../base/uris.ts';
import { lensText } from './lens-text.ts';
import { SpaceLenses } from './space-lenses.ts';
import type { Standings } from './standing.ts';
import {
  optionsOf,
  scoreModelCommand,
  settleCommand,
  showScoreCommand,
  showSpectrumCommand,
} from '../../../protocol/protocol.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';

/** Milliseconds in which changes of scores are gathered before the editor is told. */
const pause = 30;

/**
 * Milliseconds that an answer waits for scores under way. VS Code asks a quarter of a second after it was told of new ones: a
 * number that comes while it waits for an answer is seen that much earlier, and there is no stale one between.
 */
const patience = 400;

/**
 * Milliseconds after which the editor, told that there are new lenses, no longer counts as about to ask: it may show none of
 * the documents. Telling it again before it has asked makes it wait anew, so that it never asks while seeds come in.
 */
const longestAsking = 1000;

const spectrumLens = {
  title: 'Spectrum',
  tooltip: 'Open a picture of the eigenvalues and of what every op contributes.',
  command: showSpectrumCommand,
};

const commands = { show: showScoreCommand, score: scoreModelCommand, settle: settleCommand } as const;

/** A line above every model with its score, above every space with its size. */
export class LensFeature implements Feature {
  readonly capabilities = { codeLensProvider: {} };
  readonly #session: Session;
  readonly #checker: Checker;
  readonly #standings: Standings;
  /** What the editor shows: the last answer for each document. */
  readonly #answered = new Map<string, { readonly shown: string; readonly version: number }>();
  /** Answers that wait for scores. */
  readonly #waiting = new Set<() => void>();
  readonly #spaces: SpaceLenses;
  #canRefresh = false;
  /** The client draws pictures of scores. */
  #panels = false;
  readonly #comparing = new Delayed(pause, () => {
    this.#session.background('Comparing lenses', () => {
      if (this.#outOfDate()) this.#refresh();
    });
  });
  /** Waits while the editor has been told and has not asked. */
  readonly #asking = new Delayed(longestAsking, () => {
    this.#hasAsked();
  });
  /** How often the editor has been told. */
  #told = 0;
  /** Something has changed since the editor was told. */
  #hasNews = false;

  constructor(session: Session, checker: Checker, standings: Standings) {
    this.#session = session;
    this.#checker = checker;
    this.#standings = standings;
    this.#spaces = new SpaceLenses(session, () => {
      this.#schedule();
    });
    session.onScores(() => {
      for (const end of [...this.#waiting]) end();
      this.#schedule();
    });
    session.documents.onChange(({ uri, kind }) => {
      if (kind === 'closed') this.#answered.delete(sameUri(uri));
    });
    standings.onRanks(() => {
      this.#schedule();
    });
  }

  listen(): void {
    this.#session.connection.onCodeLens(
      this.#session.guard('Code lens', null, ({ textDocument }) => this.#answer(textDocument.uri)),
    );
  }

  initialize(client: InitializeParams): void {
    this.#canRefresh = client.capabilities.workspace?.codeLens?.refreshSupport === true;
    this.#panels = optionsOf(client).panels === true;
  }

  settingsChanged(): void {
    this.#refresh();
  }

  async #answer(uri: string): Promise<CodeLens[] | null> {
    const told = this.#told;
    if ((await this.#checker.ready(uri)) === undefined) return null;
    await this.#firstNumber(uri);
    const opened = this.#session.opened(uri);
    if (opened === undefined) return null;
    const lenses = this.#session.settings.of(uri)?.codeLens === false ? [] : this.#lenses(opened);
    this.#answered.set(sameUri(uri), { shown: signature(lenses), version: opened.document.version });
    if (told === this.#told) this.#hasAsked();
    return lenses;
  }

  /** The editor should ask again, whatever it shows. */
  #refresh(): void {
    if (!this.#canRefresh) return;
    this.#told += 1;
    this.#hasNews = false;
    this.#asking.restart();
    this.#session.background('Refreshing lenses', () =>
      this.#session.connection.sendRequest(CodeLensRefreshRequest.type),
    );
  }

  /**
   * Resolves when one of the models that an edit has made anew has a number, or when that takes too long; at once for a text
   * whose lenses were asked for before, for then the editor was told that there is one.
   */
  async #firstNumber(uri: string): Promise<void> {
    if (this.#answered.get(sameUri(uri))?.version === this.#session.opened(uri)?.document.version) return;
    const computing = (): number =>
      this.#session.board.models(sameUri(uri)).filter(({ score }) => score.state === 'computing').length;
    const all = computing();
    if (all === 0) return;
    const late = AbortSignal.timeout(patience);
    while (!late.aborted && computing() >= all) await this.#change(late);
  }

  /** The next change of scores, or the end of patience. */
  #change(late: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(end);
        late.removeEventListener('abort', end);
        resolve();
      };
      this.#waiting.add(end);
      late.addEventListener('abort', end);
    });
  }

  #lenses({ document, analysis }: Opened): CodeLens[] {
    const { uri } = document;
    const models = this.#session.board.models(sameUri(uri)).flatMap(({ anchor, score }) => {
      const { title, tooltip, action } = lensText(score, this.#standings.standingOf(uri, score));
      const command = commands[action];
      const range = rangeOf(document, { start: anchor, end: anchor + score.name.length });
      const args = [uri, score.name];
      const number = { range, command: { title, tooltip, command, arguments: args } };
      return this.#panels ? [number, { range, command: { ...spectrumLens, arguments: args } }] : [number];
    });
    const spaces = analysis.spaces.map((space) => ({
      range: rangeOf(document, space.nameSpan),
      // Nothing to click on.
      command: { ...this.#spaces.textOf(analysis, space, this.#canRefresh), command: '' },
    }));
    return [...models, ...spaces];
  }

  /** Compares what is shown with what should be, soon. */
  #schedule(): void {
    if (!this.#canRefresh || this.#comparing.isWaiting) return;
    if (this.#asking.isWaiting) this.#hasNews = true;
    else this.#comparing.start();
  }

  /** What came while the editor was about to ask is compared now. */
  #hasAsked(): void {
    this.#asking.cancel();
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#schedule();
  }

  /** Whether some document shows other lenses than it should. */
  #outOfDate(): boolean {
    for (const [uri, { shown }] of this.#answered) {
      const opened = this.#session.opened(uri);
      const enabled = this.#session.settings.of(uri)?.codeLens === true;
      if (opened !== undefined && enabled && signature(this.#lenses(opened)) !== shown) return true;
    }
    return false;
  }
}

/** The editor moves lenses with the text itself, so their places do not count. */
function signature(lenses: readonly CodeLens[]): string {
  return JSON.stringify(lenses.map(({ command }) => command));
}
