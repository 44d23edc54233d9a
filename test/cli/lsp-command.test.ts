import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import {
  ExitNotification,
  ShutdownRequest,
  InitializeRequest,
  type InitializeResult,
} from 'vscode-languageserver-protocol';
import { cli } from './run-cli.ts';

it('archlens lsp --stdio is a language server until it is told to exit', async () => {
  const program = join(import.meta.dirname, '../../server/cli/main.ts');
  const child = spawn(process.execPath, [program, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const result = await connection.sendRequest<InitializeResult>(InitializeRequest.method, {
    processId: process.pid,
    workspaceFolders: null,
    capabilities: {},
  });
  expect(result.capabilities.hoverProvider).toBeTruthy();
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  expect(await exited).toEqual([0, null]);
  connection.dispose();
});

it('archlens lsp asks for --stdio', async () => {
  const { code, stderr } = await cli(['lsp']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--stdio/);
});
