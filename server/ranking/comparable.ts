import { engineText } from '../engine/engine-text.ts';
import { formatSettings, settingNameOf } from '../score/settings.ts';
import type { EntryScore, RankingEntry, ScoredEntry } from './entry.ts';

/** Scores that may be compared: made with equal settings by the same engine (docs/score.md#comparable-scores). */
export interface ComparableGroup<Entry extends RankingEntry = RankingEntry> {
  readonly key: string;
  /** For people: `settled: sketch:1, N 64, …`. */
  readonly settings: string;
  readonly engine: string;
  readonly entries: readonly ScoredEntry<Entry>[];
}

/** Equal for scores that may stand in one ranking. */
export function comparableKey({ settings, engine }: EntryScore): string {
  const { name, device, version } = engine;
  return JSON.stringify([
    Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    name,
    device,
    version,
  ]);
}

/** The largest group first. */
export function comparableGroups<Entry extends RankingEntry>(
  entries: readonly ScoredEntry<Entry>[],
): readonly ComparableGroup<Entry>[] {
  const groups = new Map<string, ScoredEntry<Entry>[]>();
  for (const entry of entries) {
    const key = comparableKey(entry.score);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups]
    .map(([key, members]) => ({ key, ...describe(members[0]!.score), entries: members }))
    .sort((a, b) => b.entries.length - a.entries.length || (a.key < b.key ? -1 : 1));
}

function describe({ settings, engine }: EntryScore): { readonly settings: string; readonly engine: string } {
  return {
    settings: `${settingNameOf(settings) ?? 'custom'}: ${formatSettings(settings)}`,
    engine: engineText(engine),
  };
}
