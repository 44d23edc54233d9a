import * as vscode from 'vscode';
import { noticeText } from '../../server/base/notice-text.ts';
import { tryAlternativesCommand } from '../../server/protocol/what-if.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { isOtherVersion, noModelText } from '../editor/other-versions.ts';
import { AlternativesPick } from './alternatives-pick.ts';
import { improveActive } from './improve.ts';
import { KindsChoice } from './kinds-choice.ts';
import { ObjectiveChoice } from './objective-choice.ts';
import { ImprovementReview } from './improvement-review.ts';

/** Alternatives to what stands at the cursor, and improvements of a whole model. */
export function registerWhatIf(
  { workspaceState }: vscode.ExtensionContext,
  server: LanguageServer,
): vscode.Disposable {
  const choice = new KindsChoice(workspaceState);
  const objective = new ObjectiveChoice(workspaceState);
  const pick = new AlternativesPick(server, choice);
  const review = new ImprovementReview();
  return vscode.Disposable.from(
    pick,
    review,
    vscode.commands.registerCommand(tryAlternativesCommand, async (uri?: unknown, position?: unknown) => {
      const editor = vscode.window.activeTextEditor;
      if (editor?.document.languageId !== 'arch') return;
      const document = editor.document;
      const { scheme } = document.uri;
      if (isOtherVersion(scheme)) {
        void vscode.window.showInformationMessage(noticeText(noModelText(scheme)));
        return;
      }
      const at = uri === document.uri.toString() && isPosition(position) ? position : editor.selection.active;
      await pick.open(document, new vscode.Position(at.line, at.character));
    }),
    vscode.commands.registerCommand('archlens.improveModel', () =>
      improveActive({ server, choice, objective, pick, review }),
    ),
    vscode.commands.registerCommand('archlens.acceptImprovement', () => review.accept()),
    vscode.commands.registerCommand('archlens.discardImprovement', () => review.discard()),
  );
}

function isPosition(value: unknown): value is { readonly line: number; readonly character: number } {
  const { line, character } = (value ?? {}) as { readonly line?: unknown; readonly character?: unknown };
  return typeof line === 'number' && typeof character === 'number';
}
