import {
  formatCount,
  formatDuration,
  formatInteger,
  formatScore,
  formatSingle,
} from '../../base/quantities.ts';
import { engineWithThreads } from '../../engine/engine-text.ts';
import { taskText } from '../../ranking/task.ts';
import { marksBeside, type ScoreMark } from '../../score/marks.ts';
import { settingNameOf, formatSettings } from '../../score/settings.ts';
import type { ScoreSettings } from '../../score/types.ts';
import { reasonOf, type ScoredModel } from '../scored-model.ts';
import { formatTable, type Column } from './table.ts';
import { shown } from '../visible.ts';
import { shownName } from '../../language/names/shown-name.ts';

/** A column of a table of scores. */
export interface ScoreColumn extends Column {
  readonly cell: (model: ScoredModel) => string;
}

/** What stands in a cell that has no value. */
export const missing = '–';

function number(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? missing : format(value);
}

export const columns = {
  model: { title: 'model', align: 'left', cell: ({ model }) => shownName(model) },
  file: { title: 'file', align: 'left', cell: ({ file }) => file },
  single: {
    title: 'VKDNW_single',
    align: 'right',
    cell: ({ score, layers = 0 }) =>
      score === undefined ? missing : formatSingle(layers, score.vkdnw, score.vkdnwSe),
  },
  entropy: {
    title: 'VKDNW (nats)',
    align: 'right',
    cell: (model) =>
      model.score === undefined
        ? (reasonOf(model) ?? missing)
        : `${formatScore(model.score.vkdnw, model.score.vkdnwSe)}${marksBeside(model.score.marks)}`,
  },
  family: { title: 'family', align: 'left', cell: ({ family }) => family ?? missing },
  task: { title: 'task', align: 'left', cell: ({ task }) => (task === undefined ? missing : taskText(task)) },
  layers: { title: 'layers', align: 'right', cell: ({ layers }) => number(layers, formatInteger) },
  params: { title: 'parameters', align: 'right', cell: ({ params }) => number(params, formatCount) },
  macs: { title: 'MACs', align: 'right', cell: ({ macs }) => number(macs, formatCount) },
  time: {
    title: 'time',
    align: 'right',
    cell: ({ outcome }) => number(outcome?.state === 'ok' ? outcome.milliseconds : undefined, formatDuration),
  },
} as const satisfies Record<string, ScoreColumn>;

/** The lines of a table, one model a row. */
export function scoreTable(models: readonly ScoredModel[], shown: readonly ScoreColumn[]): string[] {
  return formatTable(
    shown,
    models.map((model) => shown.map(({ cell }) => cell(model))),
  );
}

/** What failed and why, a line each. */
export function failureLines(models: readonly ScoredModel[]): string[] {
  return models.flatMap((each) => {
    const reason = reasonOf(each);
    return reason === undefined
      ? []
      : [shown(`${each.file} ${shownName(each.model)}: ${reason}: ${each.message ?? ''}`)];
  });
}

/** What takes something from the numbers, a line each: `softmax saturated (A.arch ResNet, 3 more): …`. */
export function markLines(models: readonly ScoredModel[]): string[] {
  const found = new Map<string, { readonly mark: ScoreMark; readonly names: string[] }>();
  for (const { file, model, score } of models) {
    for (const mark of score?.marks ?? []) {
      const { names } = found.get(mark.message) ?? { names: [] };
      found.set(mark.message, { mark, names: [...names, `${file} ${shownName(model)}`] });
    }
  }
  return Array.from(found.values(), ({ mark: { short, message }, names: [first = '', ...others] }) =>
    shown(
      `${short} (${first}${others.length === 0 ? '' : `, ${formatInteger(others.length)} more`}): ${message}`,
    ),
  );
}

/** How the numbers were made: without it they cannot be compared with others. */
export function provenance(models: readonly ScoredModel[], settings: ScoreSettings): string {
  const engines = new Set(
    models.flatMap(({ score }) => (score === undefined ? [] : [engineWithThreads(score.engine)])),
  );
  const name = settingNameOf(settings) ?? 'custom';
  return [...engines, `${name}: ${formatSettings(settings)}`].join('; ');
}
