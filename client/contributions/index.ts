import * as vscode from 'vscode';
import { contributions, insightChanged, type ContributionMark } from '../../server/protocol/insight.ts';
import type { LanguageServer } from '../connection/language-server.ts';

const section = 'archlens';
const setting = 'decorations.contributions';

/** Tints the ops of architecture files by what they contribute to the Fisher information, where the setting is on. */
export function registerContributions(server: LanguageServer): vscode.Disposable {
  const tints = tintTypes();
  /** By editor: the newest request, so that a late answer to an older one is dropped. */
  const newest = new WeakMap<vscode.TextEditor, number>();

  const show = (editor: vscode.TextEditor, marks: readonly ContributionMark[]): void => {
    for (const [level, type] of tints.entries())
      editor.setDecorations(
        type,
        marks.filter((mark) => mark.level === level).map(({ range }) => toRange(range)),
      );
  };
  const refresh = async (editor: vscode.TextEditor): Promise<void> => {
    const { document } = editor;
    if (document.languageId !== 'arch') return;
    const request = (newest.get(editor) ?? 0) + 1;
    newest.set(editor, request);
    if (!isOn(document)) {
      show(editor, []);
      return;
    }
    const { version } = document;
    const marks = await server.request(contributions, { uri: document.uri.toString() });
    if (newest.get(editor) === request && document.version === version) show(editor, marks ?? []);
  };
  const refreshAll = (of?: string): void => {
    for (const editor of vscode.window.visibleTextEditors)
      if (of === undefined || editor.document.uri.toString() === of) void refresh(editor);
  };
  refreshAll();

  return vscode.Disposable.from(
    ...tints,
    server.onNotification(insightChanged, ({ uri }) => {
      refreshAll(uri);
    }),
    server.onState((state) => {
      if (state === 'running') refreshAll();
    }),
    vscode.window.onDidChangeVisibleTextEditors(() => {
      refreshAll();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.${setting}`)) refreshAll();
    }),
    vscode.commands.registerCommand('archlens.toggleContributions', async () => {
      const document = vscode.window.activeTextEditor?.document;
      const configuration = vscode.workspace.getConfiguration(section, document);
      // Where the user has set it, or else for all workspaces.
      const { workspaceValue } = configuration.inspect<boolean>(setting) ?? {};
      const target =
        workspaceValue === undefined
          ? vscode.ConfigurationTarget.Global
          : vscode.ConfigurationTarget.Workspace;
      await configuration.update(setting, configuration.get(setting) !== true, target);
    }),
  );
}

function isOn(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration(section, document).get(setting) === true;
}

/** One type of decoration a level; 0 is for ops that no signal passes. */
function tintTypes(): readonly vscode.TextEditorDecorationType[] {
  const border = { borderRadius: '3px', borderStyle: 'solid', borderWidth: '1px' };
  return [0, 1, 2, 3, 4, 5].map((level) =>
    vscode.window.createTextEditorDecorationType({
      ...border,
      backgroundColor: color(level === 0 ? 'none' : String(level)),
      borderColor: color('border'),
      // Not by colour alone.
      ...(level === 0 ? { textDecoration: 'line-through' } : {}),
      ...(level === 5
        ? { overviewRulerColor: color('5'), overviewRulerLane: vscode.OverviewRulerLane.Right }
        : {}),
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  );
}

function color(name: string): vscode.ThemeColor {
  return new vscode.ThemeColor(`archlens.contribution.${name}`);
}

function toRange({ start, end }: ContributionMark['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
