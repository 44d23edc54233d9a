import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DidChangeWorkspaceFoldersNotification,
  DocumentSymbolRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import type { DocumentSymbol } from 'vscode-languageserver-protocol/node';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestClient } from '../../support/client.ts';
import { residual } from '../../support/texts.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false } },
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
      textDocument: { publishDiagnostics: { versionSupport: true } },
    },
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

describe('workspace symbols', () => {
  const names = async (query: string): Promise<readonly string[]> => {
    const found = await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query });
    return (found ?? []).map(({ name, containerName }) => `${name} ${containerName ?? ''}`).sort();
  };

  test('of all files, open or not, broken or not, by the letters of their names', async () => {
    await client.write('one.arch', 'block ConvBnAct(out) { bn }\nlet ways = 3\n');
    await client.write('two.arch', 'block Broken( { conv(\nmodel CoBra { input');
    expect(await names('CBA')).toEqual(['ConvBnAct one.arch', 'CoBra two.arch'].sort());
    expect(await names('ways')).toEqual(['ways one.arch']);
    const open = await client.open('one.arch', 'block Renamed(out) { bn }\n');
    expect(await names('ConvBnAct')).toEqual([]);
    expect(await names('renamed')).toEqual(['Renamed one.arch']);
    await open.close();
    await client.remove('one.arch');
    await client.remove('two.arch');
    expect(await names('ways')).toEqual([]);
  });

  test('of several folders, also of those that come later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'archlens-second-'));
    mkdirSync(join(folder, 'deep', 'node_modules'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'second.arch'), 'block Second() { bn }\n');
    writeFileSync(join(folder, 'deep', 'node_modules', 'third.arch'), 'block SecondThird() { bn }\n');
    const event = (added: boolean) => ({
      event: {
        added: added ? [{ uri: pathToFileURL(folder).href, name: 'second' }] : [],
        removed: added ? [] : [{ uri: pathToFileURL(folder).href, name: 'second' }],
      },
    });
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, event(true));
    expect(await names('Second')).toEqual(['Second second.arch']);
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, event(false));
    expect(await names('Second')).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

test('the outline holds declarations, and what is named in them', async () => {
  const document = await client.open('outline.arch', residual);
  const symbols = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument: { uri: document.uri },
  })) as DocumentSymbol[];
  expect(symbols.map(({ name, detail }) => [name, detail])).toEqual([
    ['Basic', 'Basic(out, stride = 1)'],
    ['Small', '32x32x3'],
  ]);
  expect(symbols[1]?.children?.map(({ name }) => name)).toEqual(['width']);
  expect(document.textOf(symbols[1]!.selectionRange)).toBe('Small');
});
