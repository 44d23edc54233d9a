import { engineText } from '../engine/engine-text.ts';
import { formatSettings, settingNameOf } from '../score/settings.ts';
import type { RankingEntry, ScoredEntry } from './entry.ts';
import { tasksOf, tasksText, taskText } from './task.ts';

/**
 * Models that may be compared: rivals, which have one task (docs/ranking.md#tasks), with scores made with equal settings by the
 * same engine (docs/score.md#comparable-scores). A quick score, of the first seeds of a settled one, is compared with those that have
 * settled: it has the same expectation and says how sure it is, which ranks allow for (docs/ranking.md#quick-scores).
 */
export interface ComparableGroup<Entry extends RankingEntry = RankingEntry> {
  readonly key: string;
  /** For people: `settled: sketch:1, N 64, …`. */
  readonly settings: string;
  readonly engine: string;
  /** Names of the tasks; more than one only where the user merges them. */
  readonly tasks: readonly string[];
  readonly entries: readonly ScoredEntry<Entry>[];
}

/** What models are compared that are not comparable by themselves. */
export interface Merging {
  /** Models of all tasks are ranked together. */
  readonly mergeTasks?: boolean;
}

/** Equal for models that may stand in one ranking. */
function comparableKey({ score, task, settledSeeds }: ScoredEntry, mergeTasks: boolean): string {
  const { engine } = score;
  const { name, device, version } = engine;
  const joins = settledSeeds !== undefined && score.vkdnwSe !== undefined;
  const settings = joins ? { ...score.settings, seeds: settledSeeds } : score.settings;
  return JSON.stringify([
    mergeTasks || task === undefined ? null : taskText(task),
    Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    name,
    device,
    version,
  ]);
}

/** The largest group first. */
export function comparableGroups<Entry extends RankingEntry>(
  entries: readonly ScoredEntry<Entry>[],
  { mergeTasks = false }: Merging = {},
): readonly ComparableGroup<Entry>[] {
  const groups = new Map<string, ScoredEntry<Entry>[]>();
  for (const entry of entries) {
    const key = comparableKey(entry, mergeTasks);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups]
    .map(([key, members]) => ({
      key,
      ...describe(members),
      tasks: tasksOf(members),
      entries: members,
    }))
    .sort((a, b) => b.entries.length - a.entries.length || (a.key < b.key ? -1 : 1));
}

/** By the settings that the group is about: those of its settled scores. */
function describe(members: readonly ScoredEntry[]): { readonly settings: string; readonly engine: string } {
  const [{ score, settledSeeds }] = members as readonly [ScoredEntry];
  const settings = { ...score.settings, seeds: settledSeeds ?? score.settings.seeds };
  return {
    settings: `${settingNameOf(settings) ?? 'custom'}: ${formatSettings(settings)}`,
    engine: engineText(score.engine),
  };
}

type Described = Pick<ComparableGroup, 'settings' | 'engine' | 'tasks'>;

/** What sets the groups of a ranking apart. */
export function differences(groups: readonly Described[]): {
  readonly tasks: boolean;
  readonly settings: boolean;
} {
  const distinct = (textOf: (group: Described) => string): boolean => new Set(groups.map(textOf)).size > 1;
  return {
    tasks: distinct(({ tasks }) => tasksText(tasks)),
    settings: distinct(({ settings, engine }) => `${settings} ${engine}`),
  };
}

/** What a group is called among others: its task, how its scores were made, or both. */
export function groupTitle(group: Described, groups: readonly Described[]): string {
  const apart = differences(groups);
  return [
    ...(apart.tasks || !apart.settings ? [tasksText(group.tasks)] : []),
    ...(apart.settings ? [group.settings] : []),
  ].join(' · ');
}
