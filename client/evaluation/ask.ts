import * as vscode from 'vscode';
import { formatBytes, formatInteger } from '../../server/base/quantities.ts';
import { decodeUtf8 } from '../../server/base/decode.ts';
import { FileError, fileError } from '../../server/base/file-error.ts';
import { mostTableBytes, parseTable, TableError, type Table } from '../../server/evaluation/table.ts';
import { nasBench201Edges } from '../../server/network/nasbench201.ts';
import { proxies } from '../../server/proxies/index.ts';
import type { EvaluationRequest } from './protocol.ts';
import { noticeText } from '../../server/base/notice-text.ts';

/** Tables of the workspace that are offered. */
const mostTables = 50;
/** Networks that take minutes, and say something. */
const usualSample = 100;

/**
 * Asks which table to evaluate on, against which column, and what.
 *
 * @returns undefined when the user does not want to
 */
export async function askForRequest(): Promise<EvaluationRequest | undefined> {
  const file = await askForFile();
  if (file === undefined) return undefined;
  const table = await readTable(file);
  if (table === undefined) return undefined;
  const numeric = table.columns.filter((_, index) => isNumeric(table, index));
  if (numeric.length === 0) {
    void vscode.window.showErrorMessage(
      noticeText(`${table.file} has no column of numbers. One column must hold the accuracies, in percent.`),
    );
    return undefined;
  }
  const target = await askForTarget(numeric);
  if (target === undefined) return undefined;
  const genotype = table.columns.find((_, index) => isGenotype(table, index));
  return genotype === undefined
    ? await askForColumns(file.fsPath, target, numeric)
    : await askForProxies(file.fsPath, target, genotype, table.rows.length);
}

async function askForFile(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.{csv,tsv}', '**/node_modules/**', mostTables);
  const browse = { label: '$(folder-opened) Browse…', description: '', uri: undefined };
  const items = found
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), description: '', uri }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  const picked = await vscode.window.showQuickPick([...items, browse], {
    ignoreFocusOut: true,
    title: 'Evaluate proxies on a benchmark (1/4): the table',
    placeHolder: 'A CSV file of networks or of scores, and the accuracies they reached',
  });
  if (picked === undefined) return undefined;
  if (picked.uri !== undefined) return picked.uri;
  const chosen = await vscode.window.showOpenDialog({ filters: { Tables: ['csv', 'tsv'] } });
  return chosen?.[0];
}

async function readTable(file: vscode.Uri): Promise<Table | undefined> {
  const name = vscode.workspace.asRelativePath(file);
  try {
    const { type, size } = await vscode.workspace.fs.stat(file);
    if ((type & vscode.FileType.File) === 0)
      throw new FileError(name, 'read', 'not-regular', 'it is not a regular file');
    if (size > mostTableBytes)
      throw new FileError(name, 'read', 'too-large', `it has more than ${formatBytes(mostTableBytes)}`);
    return parseTable(decodeUtf8(await vscode.workspace.fs.readFile(file), name, 'kept'), name);
  } catch (error) {
    const reason = error instanceof TableError ? error.message : fileError(name, 'read', error).message;
    void vscode.window.showErrorMessage(noticeText(reason));
    return undefined;
  }
}

/** By its first rows. */
function cellsOf({ rows }: Table, column: number): readonly string[] {
  return rows
    .slice(0, 20)
    .map(({ cells }) => cells[column]!.trim())
    .filter((cell) => cell !== '');
}

function isNumeric(table: Table, column: number): boolean {
  const cells = cellsOf(table, column);
  return cells.length > 0 && cells.every((cell) => Number.isFinite(Number(cell)));
}

function isGenotype(table: Table, column: number): boolean {
  const cells = cellsOf(table, column);
  return cells.length > 0 && cells.every((cell) => !('error' in nasBench201Edges(cell)));
}

async function askForTarget(columns: readonly string[]): Promise<string | undefined> {
  const likely = (column: string): boolean => /acc/i.test(column);
  return await vscode.window.showQuickPick(
    [...columns].sort((a, b) => Number(likely(b)) - Number(likely(a))),
    {
      ignoreFocusOut: true,
      title: 'Evaluate proxies on a benchmark (2/4): the accuracy',
      placeHolder: 'The column that scores are to predict, in percent',
    },
  );
}

async function askForColumns(
  file: string,
  target: string,
  numeric: readonly string[],
): Promise<EvaluationRequest | undefined> {
  const items = numeric.filter((column) => column !== target).map((label) => ({ label, picked: true }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: 'Evaluate proxies on a benchmark (3/3): the scores',
    placeHolder: 'There are no genotypes in this table: which columns are judged?',
  });
  if (picked === undefined || picked.length === 0) return undefined;
  return { kind: 'columns', file, target, columns: picked.map(({ label }) => label) };
}

const dataSets = [
  { label: 'CIFAR-10', description: '32×32, 10 classes', dataSet: 'cifar10' },
  { label: 'CIFAR-100', description: '32×32, 100 classes', dataSet: 'cifar100' },
  { label: 'ImageNet16-120', description: '16×16, 120 classes', dataSet: 'imagenet16-120' },
] as const;

async function askForProxies(
  file: string,
  target: string,
  genotype: string,
  size: number,
): Promise<EvaluationRequest | undefined> {
  const items = proxies.map(({ name, title, cost, source }) => ({
    label: name,
    description: `${title} · ${cost}`,
    detail: source,
    picked: cost === 'free' || name === 'vkdnw_single',
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
    title: 'Evaluate proxies on a benchmark (3/4): the proxies',
    placeHolder: 'What is computed of every network',
  });
  if (picked === undefined || picked.length === 0) return undefined;
  const data = await vscode.window.showQuickPick(dataSets, {
    ignoreFocusOut: true,
    title: 'Evaluate proxies on a benchmark (4/4): the data set',
    placeHolder: 'It decides input and classes of the networks',
  });
  if (data === undefined) return undefined;
  const request = { kind: 'benchmark', file, target, genotype, dataSet: data.dataSet } as const;
  const names = picked.map(({ label }) => label);
  if (size <= usualSample) return { ...request, proxies: names };
  const answer = await vscode.window.showInputBox({
    title: `How many of the ${formatInteger(size)} networks?`,
    value: String(usualSample),
    prompt: 'Chosen at random; the same ones every time. More take longer, and say more.',
    validateInput: (text) =>
      /^\d+$/.test(text) && Number(text) >= 3 && Number(text) <= size
        ? undefined
        : `Write a whole number from 3 to ${size}.`,
  });
  return answer === undefined ? undefined : { ...request, proxies: names, sample: Number(answer) };
}
