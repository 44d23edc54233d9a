import * as vscode from 'vscode';
import { showSpectrumCommand } from '../../server/protocol/protocol.ts';
import type { RankedEntry } from '../../server/ranking/ranked-entry.ts';
import { familiesOf } from '../../server/ranking/comparisons.ts';
import { isUnsettled } from '../../server/ranking/entry.ts';
import { tasksOf } from '../../server/ranking/task.ts';
import type { ArchitecturesView } from './architectures-view.ts';
import { viewId } from './architectures-view.ts';
import { chooseColumns, chooseFilter, chooseSort } from './choices.ts';
import { copyModels } from './copy.ts';
import { openModel } from './open-model.ts';
import type { RankingModel } from './ranking-model.ts';
import type { TreeNode } from './tree-nodes.ts';

/** Commands of the view's title and of its rows. */
export function registerRankingCommands(
  model: RankingModel,
  view: ArchitecturesView,
  showLeaderboard: () => void,
): vscode.Disposable {
  /** The rows a command is about: the selection where the clicked row is part of it. */
  const rowsOf = (clicked?: TreeNode, selected?: readonly TreeNode[]): readonly RankedEntry[] => {
    const nodes = selected ?? (clicked === undefined ? view.view.selection : [clicked]);
    const rows = nodes.flatMap((node) =>
      node.kind === 'model' ? [node.row] : node.children.map((child) => child.row),
    );
    return [...new Map(rows.map((row) => [row.entry.id, row])).values()];
  };
  const scoreRows = (clicked?: TreeNode, selected?: readonly TreeNode[]): unknown =>
    model.score(rowsOf(clicked, selected).map(({ entry }) => entry.id));
  const commands: Readonly<Record<string, (clicked?: TreeNode, selected?: readonly TreeNode[]) => unknown>> =
    {
      'archlens.ranking.start': async () => {
        await vscode.commands.executeCommand(`${viewId}.focus`);
        if (!(await model.start()))
          vscode.window.setStatusBarMessage('Archlens: the language server is not running.', 4000);
      },
      'archlens.ranking.stop': () => model.stop(),
      'archlens.ranking.sort': async () => {
        const sort = await chooseSort(model.state.sort, model.columns);
        if (sort !== undefined) model.change({ sort });
      },
      'archlens.ranking.columns': async () => {
        const columns = await chooseColumns(model.state.columns);
        if (columns !== undefined) model.change({ columns });
      },
      'archlens.ranking.showBetter': () => {
        if (!model.showBetter())
          vscode.window.setStatusBarMessage('Archlens: nothing is known to order these models better.', 4000);
      },
      'archlens.ranking.filter': async () => {
        const filter = await chooseFilter(model.state.filter, {
          task: tasksOf(model.all()),
          family: familiesOf(model.all()),
        });
        if (filter !== undefined) model.change({ filter });
      },
      'archlens.ranking.clearFilter': () => {
        model.change({ filter: {} });
      },
      'archlens.ranking.groupByFile': () => {
        model.change({ grouping: 'file' });
      },
      'archlens.ranking.showFlat': () => {
        model.change({ grouping: 'flat' });
      },
      'archlens.ranking.mergeTasks': () => {
        model.change({ mergeTasks: true });
      },
      'archlens.ranking.separateTasks': () => {
        model.change({ mergeTasks: false });
      },
      'archlens.ranking.showLeaderboard': () => {
        showLeaderboard();
      },
      'archlens.ranking.openModel': async (clicked) => {
        const [row] = rowsOf(clicked);
        if (row !== undefined) await openModel(row.entry);
      },
      'archlens.ranking.compare': (clicked, selected) => compare(rowsOf(clicked, selected)),
      'archlens.ranking.score': scoreRows,
      'archlens.ranking.scoreFirst': scoreRows,
      'archlens.ranking.settle': scoreRows,
      'archlens.ranking.settleAll': () =>
        model.score(
          model
            .all()
            .filter(isUnsettled)
            .map(({ id }) => id),
        ),
      'archlens.ranking.copy': (clicked, selected) => copyModels(rowsOf(clicked, selected), model.ranking),
    };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}

/** Opens the spectrum of the first model, with the others laid over it. */
async function compare(rows: readonly RankedEntry[]): Promise<void> {
  const [first, ...others] = rows;
  if (first === undefined) return;
  await openModel(first.entry, true);
  // The pictures come from open files.
  await Promise.allSettled(
    others.map(({ entry }) => vscode.workspace.openTextDocument(vscode.Uri.parse(entry.uri))),
  );
  const { uri, model } = first.entry;
  const targets = others.map(({ entry }) => ({ uri: entry.uri, model: entry.model }));
  await vscode.commands.executeCommand(showSpectrumCommand, uri, model, targets);
}
