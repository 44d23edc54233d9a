import * as vscode from 'vscode';

/** Steps of the walkthrough, by the end of the context key that completes them (`package.json`). */
export type Step = 'opened' | 'scored' | 'hovered' | 'lookedInside' | 'ranked';

/**
 * The user has done it, in whichever way: by a lens, a menu or a key. Commands alone would not tell: those behind lenses
 * never reach the part of the editor that watches them.
 */
export function completeStep(step: Step): void {
  void vscode.commands.executeCommand('setContext', `archlens.${step}`, true);
}
