import { describe, expect, it } from 'vitest';
import { pageDocument } from '../../../client/webview/document.ts';

const parts = {
  title: 'Spectrum of <script>A & B',
  style: 'https://page/dist/spectrum.css',
  script: 'https://page/dist/spectrum.js',
};

/** The directives of the content security policy of a document. */
function policy(html: string): ReadonlyMap<string, readonly string[]> {
  const text = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)?.[1] ?? '';
  return new Map(
    text.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
}

function nonceOf(html: string): string {
  return /script-src 'nonce-([^']+)'/.exec(html)?.[1] ?? '';
}

describe('the document of a page', () => {
  const html = pageDocument(parts);
  const nonce = nonceOf(html);

  it('lets in its own script and style by a nonce, pictures it makes, and nothing else', () => {
    expect(Object.fromEntries(policy(html))).toEqual({
      'default-src': ["'none'"],
      'script-src': [`'nonce-${nonce}'`],
      'style-src': [`'nonce-${nonce}'`],
      'img-src': ['blob:', 'data:'],
    });
    expect(html).not.toMatch(/unsafe-(?:inline|eval|hashes)|strict-dynamic/);
  });

  it('has the policy before anything that loads, and nothing that the policy would stop', () => {
    const tags = html.match(/<(?:script|link|style|meta http-equiv|img|iframe)\b[^>]*>/g);
    expect(tags).toEqual([
      expect.stringContaining('<meta http-equiv="Content-Security-Policy"'),
      `<link rel="stylesheet" nonce="${nonce}" href="${parts.style}">`,
      `<script nonce="${nonce}" src="${parts.script}">`,
    ]);
    expect(html).not.toMatch(/ (?:style|on\w+)=/);
    expect(html).toContain('<title>Spectrum of &lt;script>A &amp; B</title>');
  });

  it('has a nonce that cannot be guessed, and is of this page alone', () => {
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    const nonces = Array.from({ length: 100 }, () => nonceOf(pageDocument(parts)));
    expect(new Set([...nonces, nonce]).size).toBe(101);
  });
});
