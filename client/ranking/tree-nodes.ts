import { plural } from '../../server/base/quantities.ts';
import { differences, groupTitle } from '../../server/ranking/comparable.ts';
import { isError } from '../../server/ranking/entry.ts';
import type { RankedGroup, Ranking } from '../../server/ranking/ranking.ts';
import type { RankedEntry } from '../../server/ranking/ranked-entry.ts';
import { tasksOf } from '../../server/ranking/task.ts';
import { judgedScore, otherwiseMade, trustLines, type JudgedScore } from '../../server/ranking/trust.ts';

/** A row of the tree. */
export type TreeNode = ModelNode | GroupNode;

export interface ModelNode {
  readonly kind: 'model';
  readonly id: string;
  readonly row: RankedEntry;
  readonly parent?: GroupNode;
  /** Whether the row shows the name of its file: where no group above it does. */
  readonly showFile: boolean;
  /** Whether the row says its task: where there are several, and no group above it does. */
  readonly showTask: boolean;
}

export interface GroupNode {
  readonly kind: 'file' | 'comparable';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Lines of a group of the kind `comparable`: what its order is worth. */
  readonly trust?: readonly string[];
  /** Of a group of the kind `file`. */
  readonly uri?: string;
  readonly children: ModelNode[];
}

/** The tree of a ranking: flat, apart by tasks and settings where they differ, or by file, each file where its best model stands. */
export function treeNodes(
  { measure, groups, rest }: Ranking,
  grouping: 'flat' | 'file',
): readonly TreeNode[] {
  const rows = [...groups.flatMap((group) => group.rows), ...rest];
  const showTask = tasksOf(rows.map(({ entry }) => entry)).length > 1;
  if (grouping === 'file') return byFile(rows, showTask);
  if (groups.length < 2) return rows.map((row) => modelNode(row, showTask));
  const score = judgedScore(measure);
  const named = differences(groups).tasks;
  const apart = groups.map((group): GroupNode => {
    const node: GroupNode = {
      kind: 'comparable',
      id: `comparable ${group.key}`,
      label: groupTitle(group, groups),
      description: `${group.engine} · ${plural(group.size, 'model')}`,
      trust: score === undefined ? [] : trustOf(group, score),
      children: [],
    };
    for (const row of group.rows) node.children.push(modelNode(row, showTask && !named, node));
    return node;
  });
  return [...apart, ...rest.map((row) => modelNode(row, showTask))];
}

function trustOf({ comparisons, rows }: RankedGroup, score: JudgedScore): readonly string[] {
  const lines = trustLines(comparisons, score);
  const settings = rows[0]?.entry.score?.settings;
  const made = settings === undefined ? undefined : otherwiseMade(settings);
  return lines.length === 0 || made === undefined ? lines : [...lines, made];
}

function byFile(rows: readonly RankedEntry[], showTask: boolean): readonly GroupNode[] {
  const files = new Map<string, GroupNode>();
  for (const row of rows) {
    const { uri, file } = row.entry;
    const node = files.get(uri) ?? {
      kind: 'file',
      id: `file ${uri}`,
      label: file,
      description: '',
      uri,
      children: [],
    };
    files.set(uri, node);
    node.children.push(modelNode(row, showTask, node));
  }
  return [...files.values()].map((node) => {
    const errors = node.children.filter(({ row }) => isError(row.entry)).length;
    const description = [
      plural(node.children.length, 'model'),
      ...(errors === 0 ? [] : [plural(errors, 'error')]),
    ].join(' · ');
    const described: GroupNode = { ...node, description, children: [] };
    for (const child of node.children) described.children.push({ ...child, parent: described });
    return described;
  });
}

function modelNode(row: RankedEntry, showTask: boolean, parent?: GroupNode): ModelNode {
  const showFile = parent?.kind !== 'file';
  const shown = { kind: 'model', id: row.entry.id, row, showFile, showTask } as const;
  return parent === undefined ? shown : { ...shown, parent };
}
