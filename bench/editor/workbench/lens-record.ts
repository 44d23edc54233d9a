/** What the lens of a model has shown, and when. */
export interface ShownLens {
  /** Milliseconds since the edit. */
  readonly at: number;
  readonly title: string;
  readonly tooltip: string;
}

/** A number with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly error?: number;
}

/** What a lens claims of the text as it is. */
export interface LensClaim {
  /** Nothing more is to come, unless somebody asks for it. */
  readonly final: boolean;
  readonly settleOffered: boolean;
  /** Absent: no number, or the number of an earlier text, marked so. */
  readonly score?: Estimate;
  /** Draws behind the score, of so many. */
  readonly draws?: readonly [done: number, of: number];
  /** To the last settled version. */
  readonly difference?: Estimate;
}

const number = String.raw`([+−-]?\d+\.\d+)`;
const estimate = new RegExp(String.raw`${number}(?: ± (\d+\.\d+))?`);

const quickTooltip = /^Of (\d+) seeds?: VKDNW (\d+\.\d+(?: ± \d+\.\d+)?)\..*?(\d+) seeds? in all/;

/** Reads a lens as the person in front of it does. */
export function claimOf({ title, tooltip }: Pick<ShownLens, 'title' | 'tooltip'>): LensClaim {
  const nothing = { final: false, settleOffered: false };
  if (/measuring…|computing…|\(stale/.test(title)) return nothing;
  if (title.startsWith('No score')) return { ...nothing, final: true };
  if (title.startsWith('≈')) {
    // The lens has no room for the standard error of a quick score; the tooltip has.
    const [, done, text = '', of] = quickTooltip.exec(tooltip) ?? [];
    return {
      ...nothing,
      settleOffered: true,
      ...optional('score', estimateOf(text)),
      ...optional('draws', drawsOf(done, of)),
    };
  }
  const [, text] = /^VKDNW (.*)$/.exec(title) ?? [];
  if (text === undefined) return nothing;
  const [score, ...beside] = text.split(' · ');
  const [, done, of] = /^Settling: (\d+) of (\d+) seed/.exec(tooltip) ?? [];
  const difference = beside.map((part) => (part.includes('±') ? estimateOf(part) : undefined)).find(Boolean);
  return {
    ...nothing,
    final: !title.includes('⟳'),
    ...optional('score', estimateOf(score!)),
    ...optional('draws', drawsOf(done, of)),
    ...optional('difference', difference),
  };
}

function estimateOf(text: string): Estimate | undefined {
  const [, value, error] = estimate.exec(text) ?? [];
  if (value === undefined) return undefined;
  return { value: Number(value.replace('−', '-')), ...(error === undefined ? {} : { error: Number(error) }) };
}

function drawsOf(done: string | undefined, of: string | undefined): readonly [number, number] | undefined {
  return done === undefined || of === undefined ? undefined : [Number(done), Number(of)];
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Readonly<Partial<Record<Key, Value>>> {
  return (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<Key, Value>>>;
}

/** A claim that was shown before the settled one, and by how much that differs from it. */
export interface Revision {
  readonly what: 'score' | 'difference';
  readonly shown: Estimate;
  readonly settled: Estimate;
  /** Standard errors of the first, as it was shown with it, that lie between the two; absent: none was shown. */
  readonly times?: number;
  /** The same in the errors of both, as somebody compares them who sees two numbers. */
  readonly timesOfBoth?: number;
  /** The same in standard errors of the difference: some of the draws are common. */
  readonly timesOfDifference?: number;
}

/** Compares what a lens claimed of a text with what it says of it in the end. */
export function revisionsOf(shown: readonly LensClaim[]): readonly Revision[] {
  const last = shown.at(-1);
  if (last?.final !== true) return [];
  return shown.slice(0, -1).flatMap((claim) =>
    (['score', 'difference'] as const).flatMap((what) => {
      const [now, settled] = [claim[what], last[what]];
      if (now === undefined || settled === undefined) return [];
      const { error } = now;
      const gap = Math.abs(now.value - settled.value);
      if (error === undefined) return [{ what, shown: now, settled }];
      const [done, of] = claim.draws ?? [0, 1];
      const times = gap / error;
      const timesOfBoth = gap / Math.hypot(error, settled.error ?? 0);
      const timesOfDifference = times / Math.sqrt(1 - done / of);
      return [{ what, shown: now, settled, times, timesOfBoth, timesOfDifference }];
    }),
  );
}
