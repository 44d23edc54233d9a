import * as vscode from 'vscode';
import { own } from '../../server/base/own.ts';
import { proxies } from '../../server/proxies/index.ts';
import { namedAggregates } from '../../server/proxies/aggregates.ts';
import { columnOf, type ColumnSpec } from '../../server/proxies/column-spec.ts';
import { columnText, sortColumns } from '../../server/ranking/columns.ts';
import type { SortColumn } from '../../server/ranking/columns.ts';
import { parseBudget } from '../../server/ranking/filter.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';
import { formatCount } from '../../server/base/quantities.ts';
import { ownAggregates } from './aggregates.ts';
import { noticeText } from '../../server/base/notice-text.ts';

/** Asks what comes first. */
export async function chooseSort(
  current: SortColumn,
  shown: readonly ColumnSpec[],
): Promise<SortColumn | undefined> {
  const explained: Partial<Record<SortColumn, string>> = {
    single: 'layers + VKDNW',
    vkdnw: 'the entropy alone: compares networks of equal depth',
    aggregate: 'ln rank by VKDNW_single + ln rank by MACs',
    uncertainty: 'the standard error, where there is one',
  };
  const extras = shown.map(columnOf);
  const columns: SortColumn[] = [...sortColumns, ...shown.map(({ name }): SortColumn => `proxy:${name}`)];
  const items = columns.map((column) => {
    const { label, first } = columnText(column, extras);
    return {
      label: `${column === current ? '$(check) ' : ''}${label}`,
      description: [first, own(explained, column)].filter(Boolean).join(' · '),
      column,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Sort architectures by',
    placeHolder: 'Ranks are made by the first three; the others only sort',
  });
  return picked?.column;
}

/** Parameters, MACs, layers and the scores of VKDNW are always there. */
const always: readonly string[] = ['params', 'macs', 'layers', 'vkdnw', 'vkdnw_single'];

/** Asks which proxies and aggregates are columns too. @returns undefined when the user leaves it as it is */
export async function chooseColumns(current: readonly string[]): Promise<readonly string[] | undefined> {
  const { aggregates, problems } = ownAggregates();
  for (const problem of problems)
    void vscode.window.showWarningMessage(noticeText(`Setting archlens.aggregates: ${problem}`));
  const items = [
    ...proxies
      .filter(({ name }) => !always.includes(name))
      .map(({ name, title, source, cost }) => ({
        label: name,
        description: `${title} · ${cost}`,
        detail: source,
      })),
    ...[...aggregates, ...namedAggregates].map(({ name, parts, rule, source }) => ({
      label: name,
      description: `Σ ${rule} by ${parts.join(', ')}`,
      detail: source,
    })),
  ].map((item) => ({ ...item, picked: current.includes(item.label) }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
    title: 'Columns of the ranking',
    placeHolder: 'Other training-free scores; they are computed in the background and kept',
  });
  return picked?.map(({ label }) => label);
}

type FilterPart = keyof RankingFilter;

/** The tasks and families that there are. */
export interface FilterChoices {
  readonly task: readonly string[];
  readonly family: readonly string[];
}

const choiceTexts = {
  task: { all: 'All tasks', title: 'Rank models of one task', placeHolder: 'Input → classes' },
  family: {
    all: 'All families',
    title: 'Rank models of one family',
    placeHolder: 'How paths are joined, and how most layers mix places',
  },
} as const;

/** Asks for one part of the filter. @returns the new filter; undefined when nothing was chosen */
export async function chooseFilter(
  filter: RankingFilter,
  choices: FilterChoices,
): Promise<RankingFilter | undefined> {
  const amount = (value: number | undefined): string => (value === undefined ? '' : formatCount(value));
  const items: (vscode.QuickPickItem & { readonly part?: FilterPart })[] = [
    { label: '$(search) Name or file', description: filter.text ?? '', part: 'text' },
    { label: '$(database) Most parameters', description: amount(filter.maxParams), part: 'maxParams' },
    { label: '$(dashboard) Most MACs', description: amount(filter.maxMacs), part: 'maxMacs' },
    { label: '$(target) Task', description: filter.task ?? '', part: 'task' },
    { label: '$(type-hierarchy) Family', description: filter.family ?? '', part: 'family' },
    ...(Object.keys(filter).length === 0 ? [] : [{ label: '$(clear-all) Show all' }]),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Filter architectures',
    placeHolder: 'A budget, a task and a family decide who competes, the text only who is shown',
  });
  if (picked === undefined) return undefined;
  if (picked.part === undefined) return {};
  const { part } = picked;
  if (part === 'task' || part === 'family') return await askOneOf(filter, part, choices[part]);
  return part === 'text' ? await askText(filter) : await askBudget(filter, part);
}

async function askOneOf(
  filter: RankingFilter,
  part: keyof FilterChoices,
  names: readonly string[],
): Promise<RankingFilter | undefined> {
  const { [part]: before, ...rest } = filter;
  const { all, title, placeHolder } = choiceTexts[part];
  const items = [
    { label: all, name: undefined },
    ...names.map((name) => ({ label: `${name === before ? '$(check) ' : ''}${name}`, name })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
  if (picked === undefined) return undefined;
  return picked.name === undefined ? rest : { ...rest, [part]: picked.name };
}

async function askText(filter: RankingFilter): Promise<RankingFilter | undefined> {
  const { text, ...rest } = filter;
  const answer = await vscode.window.showInputBox({
    title: 'Show models whose name or file holds',
    value: text ?? '',
    placeHolder: 'words, in any order; empty: all',
  });
  if (answer === undefined) return undefined;
  return answer.trim() === '' ? rest : { ...rest, text: answer.trim() };
}

async function askBudget(
  filter: RankingFilter,
  part: 'maxParams' | 'maxMacs',
): Promise<RankingFilter | undefined> {
  const { [part]: before, ...rest } = filter;
  const noun = part === 'maxParams' ? 'parameters' : 'multiply-accumulates for one sample';
  const answer = await vscode.window.showInputBox({
    title: `Rank models with at most so many ${noun}`,
    value: before === undefined ? '' : String(before),
    placeHolder: '1.5M, 450M, 250000; empty: no limit',
    validateInput: (text) =>
      text.trim() === '' || parseBudget(text) !== undefined
        ? undefined
        : 'Write an amount, for instance 1.5M.',
  });
  if (answer === undefined) return undefined;
  const budget = parseBudget(answer);
  return budget === undefined ? rest : { ...rest, [part]: budget };
}
