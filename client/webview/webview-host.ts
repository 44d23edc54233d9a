import * as v from 'valibot';
import * as vscode from 'vscode';
import { pageHtml, pageOptions } from './html.ts';
import type { Page } from './html.ts';

export interface WebviewHostOptions<Up> {
  readonly extension: vscode.Uri;
  readonly page: Page;
  /** What the page may say; everything else is dropped. */
  readonly messages: v.GenericSchema<unknown, Up>;
  /** The page has just started, and knows nothing: the first time, after each tab switch, after a reload. */
  readonly onReady: () => void;
  readonly onMessage: (message: Up) => void;
}

const ready = v.object({ kind: v.literal('ready') });

/**
 * The extension's end of a webview panel: `Down` goes to the page, `Up` comes from it. A page lives only while it is on
 * the screen, so what is posted to a hidden one is lost; `onReady` is where it is told everything.
 */
export class WebviewHost<Down extends object, Up> implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly subscriptions: vscode.Disposable[];

  /** @param panel new, or given back by the editor after a reload */
  constructor(panel: vscode.WebviewPanel, options: WebviewHostOptions<Up>) {
    const { extension, page, messages, onReady, onMessage } = options;
    this.panel = panel;
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (v.is(ready, message)) {
          onReady();
          return;
        }
        const parsed = v.safeParse(messages, message);
        if (parsed.success) onMessage(parsed.output);
      }),
    ];
    panel.webview.options = pageOptions(extension);
    panel.webview.html = pageHtml(panel.webview, extension, page);
  }

  post(message: Down): void {
    void this.panel.webview.postMessage(message);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
    this.panel.dispose();
  }
}
