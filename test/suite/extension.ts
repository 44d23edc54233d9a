import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Asks until the answer is there. */
async function eventually<T>(ask: () => Thenable<T>, isThere: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > deadline) assert.fail(`Nothing came of it: ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}

async function open(name: string): Promise<vscode.TextDocument> {
  const [file] = await vscode.workspace.findFiles(name);
  assert.ok(file, `${name} is not in the workspace`);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

suite('The extension', () => {
  test('recognises .arch files and activates for them', async () => {
    const document = await open('resnet20.arch');
    assert.equal(document.languageId, 'arch');
    const extension = vscode.extensions.getExtension('archlens.archlens');
    assert.ok(extension, 'the extension is not loaded');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('shows a lens above the model', async () => {
    const document = await open('resnet20.arch');
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('model ResNet20'));
    const lenses = await eventually(
      () =>
        vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
          100,
        ),
      (found) => found.some((lens) => lens.command !== undefined),
    );
    assert.ok(
      lenses.some((lens) => lens.range.start.line === line),
      `no lens in line ${line}: ${lenses.map((lens) => lens.range.start.line).join()}`,
    );
  });
});
