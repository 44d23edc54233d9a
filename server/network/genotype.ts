/**
 * The notation of cells in NAS-Bench-201 (Dong & Yang, 2020): `|op~0|+|op~0|op~1|+…`, where group j, from 1, lists the ops
 * that node j sums, each with the node it reads.
 */

/** Where something stands: offsets into the string. */
export interface GenotypeRange {
  readonly start: number;
  readonly end: number;
}

/** `op~source`, as far as it is written like that. */
export interface GenotypeEntry extends GenotypeRange {
  /** What is written between the bars. */
  readonly text: string;
  /** The edge, unless the text is none. */
  readonly edge?: {
    readonly op: string;
    readonly opRange: GenotypeRange;
    readonly source: number;
    readonly sourceRange: GenotypeRange;
  };
}

/** The edges into a node. */
export interface GenotypeGroup extends GenotypeRange {
  readonly node: number;
  readonly text: string;
  /** Absent when the group does not stand between bars. */
  readonly entries?: readonly GenotypeEntry[];
}

/** The groups of any text, right or wrong; blanks around names, numbers and groups do not count. */
export function parseGenotype(text: string): GenotypeGroup[] {
  const groups: GenotypeGroup[] = [];
  let start = 0;
  for (const group of text.split('+')) {
    groups.push(parseGroup(group, start, groups.length + 1));
    start += group.length + 1;
  }
  return groups;
}

function parseGroup(text: string, start: number, node: number): GenotypeGroup {
  const range = { text, node, start, end: start + text.length };
  const trimmed = text.trim();
  if (trimmed.length < 2 || !trimmed.startsWith('|') || !trimmed.endsWith('|')) return range;
  const entries: GenotypeEntry[] = [];
  let entryStart = start + text.indexOf('|') + 1;
  for (const entry of trimmed.slice(1, -1).split('|')) {
    entries.push(parseEntry(entry, entryStart));
    entryStart += entry.length + 1;
  }
  return { ...range, entries };
}

function parseEntry(text: string, start: number): GenotypeEntry {
  const entry = { text, start, end: start + text.length };
  const [, before, op, source] = /^(\s*)([A-Za-z_]\w*)\s*~\s*(\d{1,4})\s*$/.exec(text) ?? [];
  if (before === undefined || op === undefined || source === undefined) return entry;
  const opStart = start + before.length;
  return {
    ...entry,
    edge: {
      op,
      opRange: { start: opStart, end: opStart + op.length },
      source: Number(source),
      sourceRange: { start: start + text.indexOf('~') + 1, end: entry.end },
    },
  };
}
