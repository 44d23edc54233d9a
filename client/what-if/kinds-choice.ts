import * as vscode from 'vscode';
import { defaultMoveKinds, moveKindTexts } from '../../server/search/moves/kinds.ts';
import { moveKinds, type MoveKind } from '../../server/search/moves/move.ts';

const key = 'archlens.moveKinds';

type Choice = vscode.QuickPickItem & { readonly moves: MoveKind };

/** The kinds of changes that are tried: chosen in a list, and remembered in the workspace. */
export class KindsChoice {
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  /** Those chosen last. */
  get kinds(): readonly MoveKind[] {
    const kept = this.memento.get<readonly string[]>(key, defaultMoveKinds);
    // Another version of the extension may have had others.
    const known = moveKinds.filter((kind) => kept.includes(kind));
    return known.length > 0 ? known : defaultMoveKinds;
  }

  /** Lets the user choose. @returns undefined when that is given up */
  async ask(title: string): Promise<readonly MoveKind[] | undefined> {
    const { kinds } = this;
    const choices = moveKinds.map((kind): Choice => ({
      moves: kind,
      label: kind,
      description: moveKindTexts[kind],
      picked: kinds.includes(kind),
    }));
    const picked = await vscode.window.showQuickPick(choices, {
      title,
      placeHolder: 'What may change? Enter keeps to what is ticked.',
      canPickMany: true,
      matchOnDescription: true,
    });
    if (picked === undefined || picked.length === 0) return undefined;
    const chosen = picked.map(({ moves }) => moves);
    await this.memento.update(key, chosen);
    return chosen;
  }
}
