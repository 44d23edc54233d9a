import * as vscode from 'vscode';
import { pictureChanged } from '../../server/protocol/pictures.ts';
import { showSpectrumCommand } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { activeDocument, modelAtCursor, modelAtLine } from '../editor/model-at-cursor.ts';
import { noModelText } from '../editor/other-versions.ts';
import { completeStep } from '../walkthrough/steps.ts';
import { pageOptions } from '../webview/html.ts';
import { OpenModels } from './models.ts';
import { viewOf } from './protocol.ts';
import type { Target } from './protocol.ts';
import { fileName, SpectrumPanel, viewType } from './panel.ts';
import { Versions } from './versions.ts';

/** The spectrum panels: the command that opens one, and what keeps them up to date. */
export function registerSpectrum(
  context: vscode.ExtensionContext,
  server: LanguageServer,
): vscode.Disposable {
  const models = new OpenModels(server);
  const versions = new Versions(context.workspaceState);
  const surroundings = { extension: context.extensionUri, server, versions, models };
  const panels = new Set<SpectrumPanel>();

  const add = (panel: SpectrumPanel): void => {
    panels.add(panel);
    panel.panel.onDidDispose(() => {
      panels.delete(panel);
      panel.dispose();
    });
  };

  const show = async (uri?: unknown, model?: unknown, others: readonly Target[] = []): Promise<void> => {
    const target =
      typeof uri === 'string' && typeof model === 'string' ? { uri, model } : await atCursor(server);
    if (target === undefined) {
      vscode.window.setStatusBarMessage(noModelText(activeDocument()?.uri.scheme ?? ''), 4000);
      return;
    }
    completeStep('lookedInside');
    const own = [...panels].find((panel) => isSame(panel.target, target));
    const panel = own ?? [...panels].find(({ locked }) => !locked);
    if (panel !== undefined) {
      panel.panel.reveal(undefined, true);
      await panel.show(target);
      await panel.compareWith(others);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const created = vscode.window.createWebviewPanel(
      viewType,
      'Spectrum',
      column,
      pageOptions(context.extensionUri),
    );
    const opened = new SpectrumPanel(
      created,
      { target, file: fileName(target), locked: false, overlays: [] },
      surroundings,
    );
    add(opened);
    await opened.compareWith(others);
  };

  /** Raised at every move of the cursor: only the answer about the last one counts. */
  let moves = 0;
  const follow = async (editor: vscode.TextEditor | undefined): Promise<void> => {
    if (editor?.document.languageId !== 'arch' || panels.size === 0) return;
    const { document, selection } = editor;
    const move = ++moves;
    const uri = document.uri.toString();
    const { line, character } = selection.active;
    for (const panel of panels) panel.moveCursor({ uri, line, character });
    const following = [...panels].filter(({ locked }) => !locked);
    if (following.length === 0) return;
    const target = await modelAtLine(server, document, line);
    if (target === undefined || move !== moves) return;
    await Promise.all(following.map((panel) => panel.show(target)));
  };

  const refresh = (which: (target: Target) => boolean): void => {
    for (const panel of panels) if (panel.target !== undefined && which(panel.target)) void panel.refresh();
  };

  return vscode.Disposable.from(
    models,
    vscode.commands.registerCommand(showSpectrumCommand, show),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, state) => {
        const view = viewOf(state) ?? { file: '', locked: false, overlays: [] };
        add(new SpectrumPanel(panel, view, surroundings));
        // The file in front may be another than when the panel was last seen.
        void follow(vscode.window.activeTextEditor);
        return Promise.resolve();
      },
    }),
    server.onNotification(pictureChanged, ({ uri }) => {
      refresh((target) => target.uri === uri);
      for (const panel of panels) void panel.layAwaited();
    }),
    server.onState((state) => {
      if (state !== 'running') return;
      refresh(() => true);
      // Moves before this had no answer.
      void follow(vscode.window.activeTextEditor);
    }),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => {
      refresh((target) => target.uri === uri.toString());
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      refresh((target) => target.uri === uri.toString());
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files)
        for (const panel of panels)
          if (panel.target?.uri === oldUri.toString()) void panel.rename(newUri.toString());
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      void follow(textEditor);
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      void follow(editor);
    }),
    {
      dispose: () => {
        for (const panel of panels) panel.dispose();
      },
    },
  );
}

/** The model in whose body the cursor is; from the walkthrough no text editor is active. */
async function atCursor(server: LanguageServer): Promise<Target | undefined> {
  const open = vscode.workspace.textDocuments.find(({ languageId }) => languageId === 'arch');
  return await modelAtCursor(server, activeDocument() ?? open);
}

function isSame(a: Target | undefined, b: Target): boolean {
  return a?.uri === b.uri && a.model === b.model;
}
