import type { Alternative, Alternatives } from '../../server/protocol/what-if.ts';
import { byVerdict, type Verdict } from '../../server/search/what-if.ts';
import { costText, meaning, verdictText } from '../../server/search/wording.ts';

/** A row of the list. */
export interface ListItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** A heading above rows. */
  readonly separator?: true;
  readonly alternative?: Alternative;
}

export interface List {
  readonly title: string;
  readonly progress: string;
  readonly items: readonly ListItem[];
}

const groups = [
  { key: 'better', heading: 'better', icon: 'arrow-up' },
  { key: 'within noise', heading: 'within noise', icon: 'dash' },
  { key: 'worse', heading: 'worse', icon: 'arrow-down' },
  { key: 'waiting', heading: 'to be scored', icon: 'loading~spin' },
  { key: 'failed', heading: 'no score', icon: 'warning' },
] as const;

/** What the list of alternatives shows. @param ended set once no more verdicts come */
export function listItems(
  list: Alternatives,
  verdicts: ReadonlyMap<number, Verdict>,
  ended?: { readonly message?: string },
): List {
  const rows = list.alternatives
    .map((alternative, index) => ({ alternative, verdict: verdicts.get(index) }))
    .sort((a, b) => byVerdict(a.verdict, b.verdict));
  const items = groups.flatMap(({ key, heading, icon }): ListItem[] => {
    const members = rows.filter(({ verdict }) => groupOf(verdict) === key);
    if (members.length === 0) return [];
    // What nobody scores any more does not turn.
    const sign = key === 'waiting' && ended !== undefined ? 'circle-slash' : icon;
    return [
      { label: heading, separator: true },
      ...members.map(({ alternative, verdict }) => ({
        label: `$(${sign}) ${alternative.title}`,
        ...(verdict === undefined ? {} : { description: verdictText(verdict) }),
        detail: costText(list.totals, alternative.totals),
        alternative,
      })),
    ];
  });
  const { about, model, file, others } = list;
  const where = file === undefined ? model : `${model} (${file})`;
  const also = others === 0 ? '' : `; changes ${others} more ${others === 1 ? 'model' : 'models'} too`;
  return {
    title: `Alternatives to ${shortened(about)} in ${where}: change of VKDNW_single, and its 95 % margin${also}`,
    progress: progressText(list, [...verdicts.values()], ended),
    items,
  };
}

function groupOf(verdict: Verdict | undefined): (typeof groups)[number]['key'] {
  if (verdict === undefined) return 'waiting';
  return verdict.state === 'failed' ? 'failed' : meaning(verdict.difference);
}

function progressText(
  { alternatives, leftOut, untried, settings }: Alternatives,
  verdicts: readonly Verdict[],
  ended: { readonly message?: string } | undefined,
): string {
  const failed = verdicts.filter(({ state }) => state === 'failed').length;
  const scored = verdicts.length - failed;
  const of = verdicts.length === alternatives.length ? '' : ` of ${alternatives.length}`;
  const without = failed === 0 ? '' : `, ${failed} without a score`;
  const done = ended?.message ?? `${scored}${of} scored${without}`;
  const rest = leftOut === 0 ? '' : ` · ${leftOut} left out: they would not fit`;
  const beyond = untried === 0 ? '' : ` · ${untried} not tried: the file is long`;
  return `${done}${rest}${beyond} · ${settings}`;
}

function shortened(about: string): string {
  const line = about.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
