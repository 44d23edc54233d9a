import { basename } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { ownAggregates } from '../ranking/aggregates.ts';
import { requestExport, saveFile } from '../webview/save.ts';
import { pageOptions } from '../webview/html.ts';
import { WebviewHost } from '../webview/webview-host.ts';
import { fromEvaluation, requestSchema } from './protocol.ts';
import type { EvaluationRequest, EvaluationState, FromEvaluation, ToEvaluation } from './protocol.ts';
import { runEvaluation, type EngineArguments, type Run } from './run.ts';

const viewType = 'archlens.evaluation';
const page = { bundle: 'evaluation', title: 'Evaluation' };
/** While networks are scored, the page is told at most this often (milliseconds). */
const pause = 200;

export interface PanelPlaces {
  readonly extension: vscode.Uri;
  /** Of the extension: where journals are kept, and the CUDA engine is installed. */
  readonly storage: vscode.Uri;
  /** Of the extension. */
  readonly version: string;
}

/** The one panel of evaluations: a new evaluation takes the place of the one before. */
export class EvaluationPanel implements vscode.Disposable {
  private readonly places: PanelPlaces;
  private readonly serializer: vscode.Disposable;
  private host: WebviewHost<ToEvaluation, FromEvaluation> | undefined;
  private request: EvaluationRequest | undefined;
  private state: EvaluationState = { kind: 'stopped' };
  private run: Run | undefined;
  private told = 0;

  constructor(places: PanelPlaces) {
    this.places = places;
    this.serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, kept: unknown) => {
        const parsed = v.safeParse(requestSchema, kept);
        if (parsed.success) this.adopt(panel, parsed.output);
        else panel.dispose();
        return Promise.resolve();
      },
    });
  }

  /** Evaluates, and shows it. */
  show(request: EvaluationRequest): void {
    this.stop();
    const panel =
      this.host?.panel ??
      vscode.window.createWebviewPanel(
        viewType,
        'Evaluation',
        vscode.ViewColumn.Active,
        pageOptions(this.places.extension),
      );
    if (this.host === undefined) this.adopt(panel, request);
    else {
      this.request = request;
      panel.reveal();
    }
    panel.title = `Evaluation: ${basename(request.file)}`;
    this.start();
  }

  dispose(): void {
    this.stop();
    this.host?.dispose();
    this.serializer.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, request: EvaluationRequest): void {
    this.stop();
    this.host?.dispose();
    this.request = request;
    this.state = { kind: 'stopped' };
    const host = new WebviewHost<ToEvaluation, FromEvaluation>(panel, {
      extension: this.places.extension,
      page,
      messages: fromEvaluation,
      onReady: () => {
        this.post();
      },
      onMessage: (message) => {
        void this.receive(message);
      },
    });
    this.host = host;
    panel.onDidDispose(() => {
      if (this.host !== host) return;
      this.stop();
      this.host = undefined;
      host.dispose();
    });
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
    const { request, state, host } = this;
    if (host?.panel.visible !== true || request === undefined) return;
    host.post({ kind: 'view', view: { request, state } });
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
        await requestExport((request) => this.host?.post(request));
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
