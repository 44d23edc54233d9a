import { verdict, type Table } from '../../report.ts';
import { claimOf, revisionsOf, type Revision, type ShownLens } from './lens-record.ts';

/** An edit, and everything that the lens has shown from then on until nothing more was to come. */
export interface ReplayedEdit {
  readonly network: string;
  /** Counted from 1. */
  readonly edit: number;
  /** The first is what it showed before. */
  readonly shown: readonly ShownLens[];
  /** After how many of them *Settle* was clicked. */
  readonly clicked?: number | undefined;
}

const mostChanges = 3;
const mostErrors = 2;

/** How often the lens changes after an edit, and what is later contradicted. */
export function replayTable(edits: readonly ReplayedEdit[]): Table {
  const names = [...new Set(edits.map(({ network }) => network))];
  const rows = names.map((name) =>
    rowOf(
      name,
      edits.filter(({ network }) => network === name),
    ),
  );
  if (names.length > 1) rows.push(rowOf('all', edits));
  const revised = edits.flatMap((edit) => revisions(edit).map((revision) => ({ edit, revision })));
  const contradicted = (by: 'times' | 'timesOfBoth'): typeof revised =>
    revised.filter(({ revision }) => (revision[by] ?? 0) > mostErrors);
  const most = Math.max(0, ...edits.map(changes));
  return {
    title: 'What the lens shows after an edit',
    columns: [
      { title: 'network', align: 'left' },
      { title: 'edits', align: 'right' },
      { title: 'changes of the lens, mean', align: 'right' },
      { title: 'most', align: 'right' },
      { title: 'numbers before the settled one', align: 'right' },
      { title: 'farthest from it, in its own standard errors', align: 'right' },
      { title: 'in those of both', align: 'right' },
      { title: 'beyond two of its own', align: 'right' },
      { title: 'beyond two of the difference', align: 'right' },
    ],
    rows,
    notes: [
      `${verdict({ text: `at most ${mostChanges} changes an edit`, met: most <= mostChanges })}; ${verdict({ text: 'no number that the settled one contradicts by more than two standard errors of the two as they are shown', met: contradicted('timesOfBoth').length === 0 })}; ${verdict({ text: 'nor by more than two of its own', met: contradicted('times').length === 0 })}.`,
      ...contradicted('times').map(
        ({ edit, revision }) => `${edit.network}, edit ${edit.edit}: ${revisionText(revision)}.`,
      ),
    ],
  };
}

function rowOf(name: string, edits: readonly ReplayedEdit[]): string[] {
  const counts = edits.map(changes);
  const found = edits.flatMap(revisions);
  const times = found.flatMap(({ times: each }) => each ?? []);
  const both = found.flatMap(({ timesOfBoth }) => timesOfBoth ?? []);
  const strict = found.flatMap(({ timesOfDifference }) => timesOfDifference ?? []);
  return [
    name,
    String(edits.length),
    (counts.reduce((sum, each) => sum + each, 0) / edits.length).toFixed(1),
    String(Math.max(...counts)),
    String(found.length),
    farthest(times),
    farthest(both),
    String(times.filter((each) => each > mostErrors).length),
    String(strict.filter((each) => each > mostErrors).length),
  ];
}

function farthest(times: readonly number[]): string {
  return times.length === 0 ? '–' : Math.max(...times).toFixed(2);
}

function changes({ shown }: ReplayedEdit): number {
  return shown.length - 1;
}

/** What was there before the edit claims nothing of the text after it. */
function revisions({ shown }: ReplayedEdit): readonly Revision[] {
  return revisionsOf(shown.slice(1).map(claimOf));
}

function revisionText({ what, shown, settled, times }: Revision): string {
  const text = ({ value, error }: Revision['shown']): string =>
    `${value.toFixed(3)}${error === undefined ? '' : ` ± ${error.toFixed(3)}`}`;
  return `${what} ${text(shown)}, then ${text(settled)} (${times?.toFixed(2) ?? '?'} of its standard errors)`;
}
