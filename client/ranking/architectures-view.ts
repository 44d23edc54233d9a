import * as vscode from 'vscode';
import { proxyOf } from '../../server/ranking/columns.ts';
import { isError, isUnsettled } from '../../server/ranking/entry.ts';
import type { EntryState } from '../../server/ranking/entry.ts';
import type { Ranking } from '../../server/ranking/ranking.ts';
import { formatRank } from '../../server/ranking/rank-range.ts';
import type { RankingModel } from './ranking-model.ts';
import { detailText, messageText, rowText } from './texts.ts';
import { treeNodes } from './tree-nodes.ts';
import type { ModelNode, TreeNode } from './tree-nodes.ts';

export const viewId = 'archlens.architectures';

/** The view "Architectures": a row for every model of the workspace. */
export class ArchitecturesView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  private readonly model: RankingModel;
  private readonly dataChanged = new vscode.EventEmitter<undefined>();
  private readonly subscriptions: vscode.Disposable;
  private nodes: readonly TreeNode[] = [];
  private endProgress: (() => void) | undefined;
  readonly onDidChangeTreeData = this.dataChanged.event;

  constructor(model: RankingModel) {
    this.model = model;
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: false,
    });
    this.subscriptions = vscode.Disposable.from(
      this.view,
      this.dataChanged,
      model.onChange(() => {
        this.update();
      }),
      model.onSelected((where) => {
        if (where === 'leaderboard') void this.revealSelected();
      }),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void model.open();
      }),
      this.view.onDidChangeSelection(({ selection }) => {
        const [first] = selection;
        if (first?.kind === 'model') model.select(first.id, 'tree');
      }),
    );
    if (this.view.visible) void model.open();
    this.update();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.kind === 'model' ? modelItem(node, this.model.ranking) : groupItem(node);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return [...this.nodes];
    return node.kind === 'model' ? [] : node.children;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'model' ? node.parent : undefined;
  }

  dispose(): void {
    this.endProgress?.();
    this.subscriptions.dispose();
  }

  private update(): void {
    const { model, view } = this;
    const { progress, state, ranking } = model;
    const entries = model.all();
    this.nodes = treeNodes(ranking, state.grouping);
    this.dataChanged.fire(undefined);
    const message = messageText(ranking, progress, state.filter, entries);
    // An empty tree with a message would hide the welcome.
    view.message = entries.length === 0 ? '' : message;
    const errors = entries.filter(isError).length;
    view.badge =
      errors === 0
        ? undefined
        : { value: errors, tooltip: errors === 1 ? '1 model has errors' : `${errors} models have errors` };
    const busy = ['listing', 'scoring', 'measuring'].includes(progress.state);
    this.showProgress(busy);
    void vscode.commands.executeCommand('setContext', 'archlens.ranking.busy', busy);
    void vscode.commands.executeCommand(
      'setContext',
      'archlens.ranking.hasUnsettled',
      !busy && entries.some(isUnsettled),
    );
    void vscode.commands.executeCommand('setContext', 'archlens.ranking.grouping', state.grouping);
    void vscode.commands.executeCommand('setContext', 'archlens.ranking.tasksMerged', state.mergeTasks);
    void vscode.commands.executeCommand(
      'setContext',
      'archlens.ranking.hasBetter',
      model.betterScores.length > 0,
    );
    void vscode.commands.executeCommand(
      'setContext',
      'archlens.ranking.filtered',
      Object.keys(state.filter).length > 0,
    );
    const listed = progress.state !== 'closed' && progress.state !== 'listing';
    void vscode.commands.executeCommand('setContext', 'archlens.ranking.listed', listed);
  }

  /** The bar under the view's title. */
  private showProgress(busy: boolean): void {
    if (busy === (this.endProgress !== undefined)) return;
    if (!busy) {
      this.endProgress?.();
      this.endProgress = undefined;
      return;
    }
    const ended = new Promise<void>((resolve) => {
      this.endProgress = resolve;
    });
    void vscode.window.withProgress({ location: { viewId } }, () => ended);
  }

  private async revealSelected(): Promise<void> {
    const node = this.find(this.model.selected);
    if (node !== undefined && this.view.visible) await this.view.reveal(node, { select: true, focus: false });
  }

  private find(id: string | undefined): ModelNode | undefined {
    for (const node of this.nodes) {
      const models = node.kind === 'model' ? [node] : node.children;
      const found = models.find((candidate) => candidate.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const icons: Readonly<Record<EntryState, readonly [icon: string, color?: string]>> = {
  scored: ['circle-filled', 'charts.green'],
  quick: ['circle-large-outline', 'charts.green'],
  waiting: ['clock'],
  scoring: ['loading~spin'],
  unscored: ['circle-outline'],
  costly: ['circle-slash'],
  failed: ['warning', 'list.warningForeground'],
  invalid: ['error', 'list.errorForeground'],
};

function modelItem(node: ModelNode, ranking: Ranking): vscode.TreeItem {
  const { entry, rank } = node.row;
  const item = new vscode.TreeItem(rank === undefined ? entry.model : `#${formatRank(rank)} ${entry.model}`);
  const [icon, color] = icons[entry.state];
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.description = describe(node, ranking);
  item.tooltip = new vscode.MarkdownString(detailText(node.row, ranking.extras));
  item.contextValue = `model.${entry.state}`;
  item.command = { command: 'archlens.ranking.openModel', title: 'Open', arguments: [node] };
  item.accessibilityInformation = {
    label: `${entry.model}, ${rank === undefined ? '' : `rank ${formatRank(rank)}, `}${item.description}, ${entry.file}`,
  };
  return item;
}

function describe({ row, showFile, showTask }: ModelNode, { measure, extras, sort }: Ranking): string {
  const { score } = row.entry;
  const text = rowText(row, measure, extras, { sortedBy: proxyOf(sort), showTask });
  return showFile && score === undefined ? `${text} · ${row.entry.file}` : text;
}

function groupItem(node: Exclude<TreeNode, ModelNode>): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.kind;
  if (node.trust !== undefined && node.trust.length > 0)
    item.tooltip = [node.label, node.description, ...node.trust].join('\n');
  if (node.uri === undefined) item.iconPath = new vscode.ThemeIcon('list-ordered');
  else {
    item.resourceUri = vscode.Uri.parse(node.uri);
    item.iconPath = vscode.ThemeIcon.File;
  }
  return item;
}
