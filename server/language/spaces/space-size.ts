import { DiagnosticSink } from '../check/diagnostics.ts';
import { expandModel } from '../expand/model.ts';
import type { Declaration } from '../names/meaning.ts';
import { Recorder } from './recorder.ts';
import { type Counted, countByTotals } from './size/count-members.ts';
import { type Picks, wayOf, type Ways } from './size/ways.ts';

/** How many networks a space holds: its members that keep to its constraints. */
export interface SpaceSize {
  /** Exactly, or, with `estimate`, about. */
  readonly count: bigint;
  readonly estimate?: SizeEstimate;
}

/** How a size was estimated where a constraint is about whole networks and there are too many to look at each. */
export interface SizeEstimate {
  /** 95 % interval of the count, after Wilson. */
  readonly low: bigint;
  readonly high: bigint;
  /** So many were drawn, each of all ways to decide as likely as any other … */
  readonly drawn: number;
  /** … and so many of them keep to the constraints. */
  readonly kept: number;
  /** Ways to decide in all, but for those that constraints on decisions alone rule out. */
  readonly of: bigint;
}

/** Steps and nodes spent on the size of one space: some tenths of a second. */
const budget = 120_000;

/** Drawn at least, however large the networks are, and at most. */
const least = 24;
const most = 1000;

/**
 * The size of a space that was counted, in steps of a member each: exact where its constraints say nothing of whole networks, or where
 * each member can be looked at; else estimated from members drawn at random, always the same for the same text. `undefined` where
 * members cannot be found again.
 */
export function* sizeSteps(
  declaration: Declaration,
  { ways, open }: Counted,
  classes: number,
  maxOps: number,
): Generator<undefined, SpaceSize | undefined> {
  if (open.size === 0 || ways.count === 0n) return { count: ways.count };
  const byTotals = countByTotals(declaration, classes, open);
  if (byTotals !== undefined) return { count: byTotals };
  yield;
  const look = new Look(declaration, ways, maxOps);
  const random = randomIndices(ways.count);
  let [drawn, kept] = [0, 0];
  function* draw(until: number): Generator<undefined, void> {
    for (; drawn < until; drawn++) {
      if (look.keeps(random())) kept += 1;
      yield;
    }
  }
  // They tell how large the members are, too.
  yield* draw(least);
  const each = look.work / least;
  if (ways.count <= BigInt(Math.floor(budget / each))) {
    let count = 0n;
    for (let index = 0n; index < ways.count; index++) {
      if (look.keeps(index)) count += 1n;
      yield;
    }
    return look.lost ? undefined : { count };
  }
  yield* draw(Math.min(most, Math.max(least, Math.floor(budget / each))));
  if (look.lost) return undefined;
  const [low, high] = wilson(kept, drawn);
  const { count: of } = ways;
  return {
    count: share(of, kept / drawn),
    estimate: { low: share(of, low), high: share(of, high), drawn, kept, of },
  };
}

/** Looks at members by their number. */
class Look {
  readonly #declaration: Declaration;
  readonly #ways: Ways;
  readonly #maxOps: number;
  readonly #known = new Map<bigint, boolean>();
  /** Steps and nodes it took. */
  work = 0;
  /** A decision was met that the ways to decide have nothing for. */
  lost = false;

  constructor(declaration: Declaration, ways: Ways, maxOps: number) {
    this.#declaration = declaration;
    this.#ways = ways;
    this.#maxOps = maxOps;
  }

  /** Whether a member is a network that keeps to the constraints. */
  keeps(index: bigint): boolean {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    const { network, work } = expandModel(this.#declaration, {
      sink: new DiagnosticSink(),
      maxOps: this.#maxOps,
      decide: new Recorder(this.#rule(wayOf(this.#ways, index))).decide,
      violation: 'error',
      counted: true,
    });
    this.work += work + 1;
    this.#known.set(index, network !== undefined);
    return network !== undefined;
  }

  #rule(picks: Picks): ConstructorParameters<typeof Recorder>[0] {
    const met = new Map<unknown, number>();
    return ({ call, options }) => {
      const at = met.get(call) ?? 0;
      met.set(call, at + 1);
      const option = picks.get(call)?.[at];
      if (option === undefined || option >= options.length) this.lost = true;
      return Math.min(option ?? 0, options.length - 1);
    };
  }
}

/** Numbers from 0 to below a count, each as likely as any other; always the same ones. */
function randomIndices(count: bigint): () => bigint {
  const bits = count.toString(2).length;
  let state = 1;
  // Mulberry32.
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => {
    for (;;) {
      let index = 0n;
      for (let left = bits; left > 0; left -= 32)
        index = (index << BigInt(Math.min(left, 32))) | (BigInt(word()) >> BigInt(Math.max(32 - left, 0)));
      if (index < count) return index;
    }
  };
}

/** Wilson's interval of a proportion at 95 %. */
export function wilson(kept: number, drawn: number): readonly [low: number, high: number] {
  const z = 1.959964;
  const share = kept / drawn;
  const middle = share + (z * z) / (2 * drawn);
  const half = z * Math.sqrt((share * (1 - share)) / drawn + (z * z) / (4 * drawn * drawn));
  const scale = 1 + (z * z) / drawn;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

/** A share of a count, to nine digits. */
function share(count: bigint, part: number): bigint {
  return (count * BigInt(Math.round(part * 1e9))) / 1_000_000_000n;
}
