import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** A page of the extension: `dist/<bundle>.js` and `dist/<bundle>.css`, built from `client/webview/page/`. */
export interface Page {
  readonly bundle: string;
  readonly title: string;
}

/**
 * The document of a webview. Nothing loads but the page's own script and style, each with a nonce, and pictures the
 * page makes itself (an export as PNG goes through one).
 */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, { bundle, title }: Page): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src blob: data:',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${file(`${bundle}.css`)}">
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" src="${file(`${bundle}.js`)}"></script>
</body>
</html>`;
}

/** Where pages may load from. */
export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')] };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
