// Names and messages of somebody else's files in what the editor draws.
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { noticeText } from '../../server/base/notice-text.ts';
import { copyFormats } from '../../client/ranking/copy-formats.ts';
import { detailText } from '../../client/ranking/texts.ts';
import { statusText } from '../../client/status/status-text.ts';
import { rankEntries } from '../../server/ranking/ranking.ts';
import { expectHarmless, tokensOf } from '../lsp/support/read-markdown.ts';
import { entry } from '../ranking/support.ts';

const root = resolve(import.meta.dirname, '../..');
const name =
  '![x](https://evil.example/t.png)|<img src="https://evil.example/t.png">[Fix](command:quit)`.arch';

describe('a name that is Markdown', () => {
  const ranking = rankEntries(
    [
      entry({ model: 'A', vkdnw: 1.5, file: name }),
      { ...entry({ model: 'B', state: 'failed', file: name }), message: name },
    ],
    'single',
  );
  const rows = [...ranking.groups.flatMap((group) => group.rows), ...ranking.rest];

  test('is text in the tooltips of the ranking', () => {
    expect(rows).toHaveLength(2);
    for (const row of rows) expectHarmless(detailText(row));
  });

  test('is text in a table that is copied', () => {
    const markdown = copyFormats['Markdown table']!(rows, ranking);
    expectHarmless(markdown);
    expect(tokensOf(markdown)[0]?.type).toBe('table');
  });

  test('is text in the tooltip of the engine', () => {
    const { detail } = statusText('running', { state: 'failed', reason: name });
    expect(detail).toContain('evil');
    expectHarmless(detail);
  });

  test('is no link in messages', () => {
    // As the editor finds links in messages.
    expect(noticeText(name)).not.toMatch(/\[[^\]]+\]\((https?:\/\/|command:|file:)[^)\s]+\)/i);
    expect(noticeText(name).replaceAll('\u2060', '')).toBe(name);
  });
});

const calls = globSync('client/**/*.ts', { cwd: root }).flatMap((file) => {
  const source = ts.createSourceFile(
    file,
    readFileSync(resolve(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  return callsIn(source).map((call) => ({ file, call }));
});

function callsIn(node: ts.Node): readonly (ts.CallExpression | ts.NewExpression)[] {
  const inner: (ts.CallExpression | ts.NewExpression)[] = [];
  node.forEachChild((child) => {
    inner.push(...callsIn(child));
  });
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? [node, ...inner] : inner;
}

test('every message that is put together goes through that', () => {
  const messages = calls.filter(({ call }) =>
    /\.show(Information|Warning|Error)Message$/.test(call.expression.getText()),
  );
  expect(messages.length).toBeGreaterThan(15);
  const raw = messages
    .filter(({ call }) => !/^('|noticeText\()/.test(call.arguments?.[0]?.getText() ?? ''))
    .map(({ file, call }) => `${file}: ${call.getText()}`);
  expect(raw).toEqual([]);
});

test('Markdown is made where it is tried above, and trusted nowhere', () => {
  const made = calls.filter(({ call }) => call.expression.getText().endsWith('MarkdownString'));
  expect(made.map(({ file }) => file).sort()).toEqual([
    'client/ranking/architectures-view.ts',
    'client/status/index.ts',
  ]);
  for (const file of globSync('client/**/*.{ts,tsx}', { cwd: root }))
    expect(readFileSync(resolve(root, file), 'utf8'), file).not.toMatch(/isTrusted|supportHtml|innerHTML/i);
});
