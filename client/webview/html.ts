import * as vscode from 'vscode';
import { pageDocument } from './document.ts';

/** A page of the extension: `dist/<bundle>.js` and `dist/<bundle>.css`, built from the `page/` of its feature. */
export interface Page {
  readonly bundle: string;
  readonly title: string;
}

/** The document of a webview. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, { bundle, title }: Page): string {
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  return pageDocument({ title, style: file(`${bundle}.css`), script: file(`${bundle}.js`) });
}

/** Where pages may load from. */
export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')] };
}
