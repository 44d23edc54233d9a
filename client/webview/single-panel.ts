import * as vscode from 'vscode';
import { pageOptions } from './html.ts';
import { WebviewHost, type WebviewHostOptions } from './webview-host.ts';

export interface SinglePanelOptions<Up> extends Pick<
  WebviewHostOptions<Up>,
  'extension' | 'page' | 'messages' | 'onMessage'
> {
  /** By which the editor knows whose panel it gives back; `onWebviewPanel:<viewType>` stands among the activation events. */
  readonly viewType: string;
  /** What a panel shows is to be posted: its page has just started, or is on the screen again. */
  readonly onReady: () => void;
  /**
   * The editor gives a panel back after a reload, in the place of one that is there.
   *
   * @param kept what its page kept @returns false: that cannot be shown any more, and the panel is closed
   */
  readonly onRestore: (kept: unknown) => boolean;
  /** The user has closed the panel. */
  readonly onClose?: () => void;
}

/** A panel of which there is one at most: opened on request, given back after a reload. */
export class SinglePanel<Down extends object, Up> implements vscode.Disposable {
  private readonly options: SinglePanelOptions<Up>;
  private readonly serializer: vscode.Disposable;
  private host: WebviewHost<Down, Up> | undefined;

  constructor(options: SinglePanelOptions<Up>) {
    this.options = options;
    this.serializer = vscode.window.registerWebviewPanelSerializer(options.viewType, {
      deserializeWebviewPanel: (panel, kept: unknown) => {
        if (options.onRestore(kept)) this.adopt(panel);
        else panel.dispose();
        return Promise.resolve();
      },
    });
  }

  /** Brings the panel to the front, or opens it. */
  show(title: string): void {
    if (this.host === undefined) {
      const { viewType, extension } = this.options;
      const { Active } = vscode.ViewColumn;
      this.adopt(vscode.window.createWebviewPanel(viewType, title, Active, pageOptions(extension)));
    } else {
      this.host.panel.title = title;
      this.host.panel.reveal();
    }
  }

  /** Whether there is a page that what is posted reaches; `onReady` is called when there is again. */
  get isVisible(): boolean {
    return this.host?.panel.visible === true;
  }

  post(message: Down): void {
    this.host?.post(message);
  }

  dispose(): void {
    this.host?.dispose();
    this.serializer.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    const before = this.host;
    const host = new WebviewHost<Down, Up>(panel, this.options);
    this.host = host;
    before?.dispose();
    panel.onDidDispose(() => {
      host.dispose();
      if (this.host !== host) return;
      this.host = undefined;
      this.options.onClose?.();
    });
  }
}
