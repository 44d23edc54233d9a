import type { Alternative, Alternatives } from '../../server/protocol/what-if.ts';
import { byVerdict, standingOf, type Verdict } from '../../server/search/what-if.ts';
import { costText, shortWorth, verdictText } from '../../server/search/wording.ts';

/** A row of the list. */
export interface ListItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** A heading above rows. */
  readonly separator?: true;
  readonly alternative?: Alternative;
  /** It has a button that adds seeds. */
  readonly canResolve?: true;
  /** In `Alternatives.alternatives`. */
  readonly index?: number;
}

export interface List {
  readonly title: string;
  readonly progress: string;
  readonly items: readonly ListItem[];
}

/** An alternative to which seeds are added. */
export interface Resolving {
  readonly index: number;
  /** Share of the draws of the look under way, 0 … 1, and its seeds. */
  readonly done: number;
  readonly seeds: number;
  readonly most: number;
}

const groups = [
  { key: 'better', heading: 'better, and the other scores agree', icon: 'arrow-up' },
  { key: 'unasked', heading: 'better by VKDNW: the other scores are asked', icon: 'loading~spin' },
  { key: 'unconfirmed', heading: 'better by VKDNW, but the other scores do not agree', icon: 'question' },
  { key: 'within noise', heading: 'within noise', icon: 'dash' },
  { key: 'worse', heading: 'worse', icon: 'arrow-down' },
  { key: 'waiting', heading: 'to be scored', icon: 'loading~spin' },
  { key: 'failed', heading: 'no score', icon: 'warning' },
] as const;

/** What is known of a list while it fills. */
export interface ListState {
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** Set once no more verdicts come. */
  readonly ended?: { readonly message?: string };
  readonly resolving?: Resolving;
}

/** What the list of alternatives shows. */
export function listItems(list: Alternatives, { verdicts, ended, resolving }: ListState): List {
  const rows = list.alternatives
    .map((alternative, index) => ({ alternative, index, verdict: verdicts.get(index) }))
    .sort((a, b) => byVerdict(a.verdict, b.verdict));
  const items = groups.flatMap(({ key, heading, icon }): ListItem[] => {
    const members = rows.filter(({ verdict }) => groupOf(verdict) === key);
    if (members.length === 0) return [];
    // What nobody scores any more does not turn.
    const sign = icon === 'loading~spin' && ended !== undefined ? 'circle-slash' : icon;
    return [
      { label: heading, separator: true },
      ...members.map(({ alternative, index, verdict }): ListItem => {
        const isResolving = resolving?.index === index;
        const worth = verdict?.state === 'scored' ? shortWorth(alternative.comparison) : undefined;
        const cost = costText(list.totals, alternative.totals);
        return {
          label: `$(${isResolving ? 'loading~spin' : sign}) ${alternative.title}`,
          ...(verdict === undefined
            ? {}
            : { description: `${verdictText(verdict)}${isResolving ? resolvingText(resolving) : ''}` }),
          detail: worth === undefined ? cost : `${cost} · ${worth}`,
          alternative,
          index,
          ...(key === 'within noise' && !isResolving ? { canResolve: true } : {}),
        };
      }),
    ];
  });
  const { about, model, file, others } = list;
  const where = file === undefined ? model : `${model} (${file})`;
  const also = others === 0 ? '' : `; changes ${others} more ${others === 1 ? 'model' : 'models'} too`;
  return {
    title: `Alternatives to ${shortened(about)} in ${where}: change of VKDNW_single and its margin, and what the other scores say${also}`,
    progress: progressText(list, [...verdicts.values()], ended),
    items,
  };
}

function groupOf(verdict: Verdict | undefined): (typeof groups)[number]['key'] {
  return verdict === undefined ? 'waiting' : standingOf(verdict);
}

function resolvingText({ done, seeds, most }: Resolving): string {
  return ` · ${seeds} of at most ${most} seeds, ${Math.floor(100 * done)} %`;
}

function progressText(
  { alternatives, leftOut, untried, otherKinds, settings }: Alternatives,
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
  const kinds = otherKinds === 0 ? '' : ` · ${otherKinds} of other kinds`;
  return `${done}${rest}${beyond}${kinds} · ${settings}`;
}

function shortened(about: string): string {
  const line = about.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
