import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Asks until the answer is there. */
async function eventually<T>(ask: () => T | Thenable<T>, isThere: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > deadline) assert.fail(`Nothing came of it: ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}

/** Writes a file into the workspace and opens it. */
async function write(name: string, text: string): Promise<vscode.TextDocument> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return await vscode.workspace.openTextDocument(uri);
}

/** Replaces the first of a text in a document. */
async function replace(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const start = document.getText().indexOf(before);
  assert.notEqual(start, -1, `${document.fileName} does not hold ${before}`);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
  edit.replace(document.uri, range, after);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Where a text begins, behind another. */
function position(document: vscode.TextDocument, text: string, after = ''): vscode.Position {
  const whole = document.getText();
  return document.positionAt(whole.indexOf(text, whole.indexOf(after) + after.length));
}

function codesOf({ uri }: vscode.TextDocument): readonly unknown[] {
  return vscode.languages
    .getDiagnostics(uri)
    .map(({ code }) => (typeof code === 'object' ? code.value : code));
}

async function open(name: string): Promise<vscode.TextDocument> {
  const [file] = await vscode.workspace.findFiles(name);
  assert.ok(file, `${name} is not in the workspace`);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

/** A model around a body. */
function model(body: string): string {
  return `model Net {\n  input 16x16x3\n  classes 10\n  ${body}\n  gap -> dense(classes)\n}\n`;
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

  test('opens the language manual that comes with it', async () => {
    await vscode.commands.executeCommand('archlens.openManual');
    const labels = await eventually(
      () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label }) => label),
      (found) => found.some((label) => /Language Manual|README\.md/.test(label)),
    );
    assert.match(labels.join(), /Preview/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('shows a lens with the score above the model', async () => {
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
      (found) => found.some((lens) => /VKDNW \d\.\d{3}/.test(lens.command?.title ?? '')),
    );
    assert.ok(
      lenses.some((lens) => lens.range.start.line === line),
      `no lens in line ${line}: ${lenses.map((lens) => lens.range.start.line).join()}`,
    );
  });

  test('reports an error by its code until it is repaired', async () => {
    const document = await write('repair.arch', model('conv(8, 3x3) -> rellu'));
    await eventually(
      () => codesOf(document),
      (codes) => codes.join() === 'unknown-name',
    );
    await replace(document, 'rellu', 'relu');
    await eventually(
      () => codesOf(document),
      (codes) => codes.length === 0,
    );
  });

  test('says on hover what an op does and what its shapes are', async () => {
    const document = await write('hover.arch', model('conv(8, 3x3)'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position(document, 'conv'),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
      .join('\n');
    assert.match(text, /Convolution/);
    assert.match(text, /16.16.8/);
  });

  test('renames a block in the file that declares it and in the one that uses it', async () => {
    const unit = await write('unit.arch', 'block Unit(out) {\n  conv(out, 3x3) -> bn\n}\n');
    const net = await write('net.arch', `import { Unit } from "./unit.arch"\n${model('Unit(8)')}`);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      unit.uri,
      position(unit, 'Unit'),
      'ConvUnit',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(unit.getText(), /^block ConvUnit\(out\)/);
    assert.match(net.getText(), /^import \{ ConvUnit \} from/);
    assert.match(net.getText(), /^ {2}ConvUnit\(8\)/m);
    await eventually(
      () => [...codesOf(unit), ...codesOf(net)],
      (codes) => codes.length === 0,
    );
  });

  test('formats a document', async () => {
    const formatted = model('conv(8, 3x3) -> relu');
    const document = await write('format.arch', formatted.replaceAll(/^ {2}/gm, '').replaceAll(' -> ', '->'));
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), formatted);
  });

  test('completes ops and blocks', async () => {
    const document = await write(
      'complete.arch',
      `block Reduce(out) {\n  conv(out, 3x3, stride = 2)\n}\n${model('re')}`,
    );
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position(document, 're\n').translate(0, 2),
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const label of ['relu', 'residual', 'Reduce']) assert.ok(labels.includes(label), labels.join());
  });
});
