import type { ScoreOptions } from '../score/scorer.ts';
import type { ScoreSettings } from '../score/types.ts';
import { Comparison, withOpinion, type ScoresNetworks, type Verdict } from './what-if.ts';
import type { SecondOpinions } from './second-opinion.ts';
import type { Sized } from './variants.ts';

/** How often the seeds are doubled after the first look: docs/whatif.md#more-seeds. */
const looks = 4;

/** Seeds after the last look. */
export function mostSeeds({ seeds }: ScoreSettings): number {
  return seeds * 2 ** looks;
}

export interface ResolveOptions extends ScoreOptions {
  /** Told after every look, also the last */
  readonly onLook?: (verdict: Verdict) => void;
  /** Seeds of one look, all of `total`, as they are made. */
  readonly onSeeds?: (done: number, total: number) => void;
}

/**
 * Doubles the seeds of a pair of networks until the difference is beyond noise, four times at most. An interval of 95 % that is looked at
 * again and again is left by chance in the end; those of these looks are of 99 %, so that together they err in at most 4 of 100 cases.
 *
 * @param settings of the first look
 * @returns the last verdict, with the other scores' where it is better; undefined when cancelled before there is one
 */
export async function resolveDifference(
  scorer: ScoresNetworks,
  opinions: SecondOpinions,
  settings: ScoreSettings,
  base: Sized,
  variant: Sized,
  { onLook, onSeeds, ...options }: ResolveOptions = {},
): Promise<Verdict | undefined> {
  const most = mostSeeds(settings);
  let last: Verdict | undefined;
  for (let seeds = 2 * settings.seeds; seeds <= most; seeds *= 2) {
    const comparison = new Comparison(scorer, { ...settings, seeds }, base);
    const total = 2 * seeds;
    let made = 0;
    const counted = {
      ...options,
      onSeed: (): void => {
        onSeeds?.((made += 1), total);
      },
    };
    const verdict = await comparison.verdict(variant, counted, 0.99);
    if (options.signal?.aborted === true) return last;
    last = await withOpinion(opinions, variant, verdict, options);
    if (last === undefined) return verdict;
    onLook?.(last);
    if (last.state === 'failed' || !last.difference.withinNoise) return last;
    await options.interruption?.giveWay();
  }
  return last;
}
