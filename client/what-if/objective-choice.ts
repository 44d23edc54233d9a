import * as vscode from 'vscode';
import type { MoveKind } from '../../server/search/moves/move.ts';
import { objectivesFor } from '../../server/search/objectives/offered.ts';

const key = 'archlens.objective';

type Choice = vscode.QuickPickItem & { readonly by: string };

/** What _Improve_ makes better: chosen in a list with what each is worth, and remembered in the workspace. */
export class ObjectiveChoice {
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  /** @returns undefined when that is given up */
  async ask(title: string, kinds: readonly MoveKind[]): Promise<string | undefined> {
    const last = this.memento.get<string>(key);
    const choices = objectivesFor(kinds).map(({ name, text }): Choice => ({
      by: name,
      label: name,
      detail: text,
      ...(name === last ? { description: 'chosen last' } : {}),
    }));
    // The list begins with its first item active: Enter keeps to the last choice.
    const ordered = choices.toSorted((a, b) => Number(b.by === last) - Number(a.by === last));
    const picked = await vscode.window.showQuickPick(ordered, {
      title,
      placeHolder: 'τ: how it orders trained networks that differ in width, depth or ops, 1 the best',
      matchOnDetail: true,
    });
    if (picked === undefined) return undefined;
    await this.memento.update(key, picked.by);
    return picked.by;
  }
}
