import { randomBytes } from 'node:crypto';

/** A page and where its parts are. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  readonly script: string;
}

/**
 * The document of a page. Nothing loads but its own script and style, by a nonce that no other page has, and pictures the
 * page makes itself (an export as PNG goes through one).
 */
export function pageDocument({ title, style, script }: PageParts): string {
  const nonce = randomBytes(16).toString('base64');
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
<link rel="stylesheet" nonce="${nonce}" href="${style}">
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
