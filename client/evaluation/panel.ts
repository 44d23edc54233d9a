import { basename } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { ownAggregates } from '../ranking/aggregates.ts';
import { requestExport, saveFile } from '../webview/save.ts';
import { SinglePanel } from '../webview/single-panel.ts';
import { fromEvaluation, requestSchema } from './protocol.ts';
import type { EvaluationRequest, EvaluationState, FromEvaluation, ToEvaluation } from './protocol.ts';
import { runEvaluation, type EngineArguments, type Run } from './run.ts';

/** While networks are scored, the page is told at most this often (milliseconds). */
const pause = 200;

export interface PanelPlaces {
  readonly extension: vscode.Uri;
  /** Folder of the extension's own files: journals, and the CUDA engine where it is installed. */
  readonly storage: vscode.Uri;
  /** Version of the extension. */
  readonly version: string;
}

/** The one panel of evaluations: a new evaluation takes the place of the one before. */
export class EvaluationPanel implements vscode.Disposable {
  private readonly places: PanelPlaces;
  private readonly panel: SinglePanel<ToEvaluation, FromEvaluation>;
  private request: EvaluationRequest | undefined;
  private state: EvaluationState = { kind: 'stopped' };
  private run: Run | undefined;
  private told = 0;

  constructor(places: PanelPlaces) {
    this.places = places;
    this.panel = new SinglePanel({
      viewType: 'archlens.evaluation',
      extension: places.extension,
      page: { bundle: 'evaluation', title: 'Evaluation' },
      messages: fromEvaluation,
      onReady: () => {
        this.post();
      },
      onMessage: (message) => {
        void this.receive(message);
      },
      onRestore: (kept) => {
        const parsed = v.safeParse(requestSchema, kept);
        if (!parsed.success) return false;
        this.stop();
        this.request = parsed.output;
        this.state = { kind: 'stopped' };
        return true;
      },
      onClose: () => {
        this.stop();
      },
    });
  }

  /** Evaluates, and shows it. */
  show(request: EvaluationRequest): void {
    this.stop();
    this.request = request;
    this.panel.show(`Evaluation: ${basename(request.file)}`);
    this.start();
  }

  dispose(): void {
    this.stop();
    this.panel.dispose();
  }

  private start(): void {
    const { request } = this;
    if (request === undefined) return;
    this.stop();
    this.set({ kind: 'running', done: 0, text: 'Starting…' });
    const run = runEvaluation(request, {
      program: vscode.Uri.joinPath(this.places.extension, 'dist', 'cli.cjs').fsPath,
      storage: this.places.storage.fsPath,
      version: this.places.version,
      engine: engineSettings(),
      aggregates: ownAggregates().aggregates,
      onMessage: (message) => {
        if (this.run !== run) return;
        if (message.kind === 'evaluation') this.set({ kind: 'done', evaluation: message.evaluation });
        else this.set({ kind: 'running', done: message.done, text: message.text });
      },
    });
    this.run = run;
    void run.ended.then((failure) => {
      if (this.run !== run) return;
      this.run = undefined;
      if (failure !== undefined) this.set({ kind: 'failed', message: failure });
      else if (this.state.kind === 'running') this.set({ kind: 'stopped' });
    });
  }

  private stop(): void {
    this.run?.cancel();
    this.run = undefined;
    if (this.state.kind === 'running') this.state = { kind: 'stopped' };
  }

  private set(state: EvaluationState): void {
    const isNews = state.kind !== this.state.kind;
    this.state = state;
    if (!isNews && performance.now() - this.told < pause) return;
    this.told = performance.now();
    this.post();
  }

  private post(): void {
    const { request, state, panel } = this;
    if (!panel.isVisible || request === undefined) return;
    panel.post({ kind: 'view', view: { request, state } });
  }

  private async receive(message: FromEvaluation): Promise<void> {
    switch (message.kind) {
      case 'run':
        this.start();
        break;
      case 'cancel':
        this.stop();
        this.post();
        break;
      case 'choose-export':
        await requestExport((request) => {
          this.panel.post(request);
        });
        break;
      case 'exported':
        await saveFile('evaluation', message.format, message.data);
        break;
    }
  }
}

function engineSettings(): EngineArguments {
  const settings = vscode.workspace.getConfiguration('archlens.engine');
  return {
    choice: settings.get('choice', 'auto'),
    threads: settings.get('threads', 0),
    cudaPath: settings.get('cudaPath', ''),
  };
}
