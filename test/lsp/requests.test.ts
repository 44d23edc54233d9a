import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DefinitionRequest,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  CodeLensRequest,
} from 'vscode-languageserver-protocol/node';
import { modelAt, scoreDetails, scoreNow } from '../../server/protocol/protocol.ts';
import { TestClient } from './support/client.ts';
import { residual } from './support/texts.ts';

let client: TestClient;

beforeAll(async () => {
  // What is tested here needs no engine.
  client = await TestClient.start({ settings: { score: { onType: false } } });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

describe('requests', () => {
  test('about a document that is not open answer null', async () => {
    const textDocument = { uri: client.uri('nowhere.arch') };
    const position = { line: 3, character: 7 };
    const range = { start: position, end: position };
    const { connection } = client;
    expect(await connection.sendRequest(HoverRequest.type, { textDocument, position })).toBeNull();
    expect(await connection.sendRequest(CodeLensRequest.type, { textDocument })).toBeNull();
    expect(await connection.sendRequest(InlayHintRequest.type, { textDocument, range })).toBeNull();
    expect(await connection.sendRequest(DocumentSymbolRequest.type, { textDocument })).toBeNull();
    expect(await connection.sendRequest(FoldingRangeRequest.type, { textDocument })).toBeNull();
    expect(await connection.sendRequest(DefinitionRequest.type, { textDocument, position })).toBeNull();
    expect(await connection.sendRequest(scoreDetails, { uri: textDocument.uri, model: 'M' })).toBeNull();
    expect(await connection.sendRequest(modelAt, { uri: textDocument.uri, line: 0 })).toBeNull();
    expect(await connection.sendRequest(scoreNow, { uri: textDocument.uri })).toBe(0);
  });

  test('an untitled document is served like a file', async () => {
    const document = await client.open('untitled:Untitled-1', residual);
    expect(await document.diagnostics()).toEqual([]);
    expect((await document.hints()).length).toBeGreaterThan(3);
    expect(await client.connection.sendRequest(modelAt, { uri: document.uri, line: 17 })).toBe('Small');
  });

  test('a malformed URI does no harm', async () => {
    const document = await client.open('::%%:not a uri', residual);
    expect(await document.hints()).not.toEqual([]);
    await document.close();
  });
});

test('a client without commands of its own gets them from the server', async () => {
  expect(client.initialized.capabilities.executeCommandProvider).toBeUndefined();
  await using plain = await TestClient.start({
    initializationOptions: { settings: { score: { onType: false } } },
    capabilities: {},
  });
  const commands = plain.initialized.capabilities.executeCommandProvider?.commands;
  expect(commands).toEqual(['archlens.showScore', 'archlens.scoreModel', 'archlens.settle']);
  const document = await plain.open('plain.arch', residual);
  expect((await document.lenses())[0]?.command?.title).toMatch(/^▷ Score this model/);
  const shown: string[] = [];
  plain.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
    shown.push(message);
  });
  await plain.connection.sendRequest(ExecuteCommandRequest.type, {
    command: 'archlens.showScore',
    arguments: [document.uri, 'Small'],
  });
  await plain.until('the details', () => (shown.length > 0 ? true : undefined));
  expect(shown[0]).toMatch(/^# Small/);
});
