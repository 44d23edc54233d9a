import { repeated, scaleLanes, sumLanes } from '../lanes.ts';
import type { Contraction } from '../ops/parts/weight-gradient.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { count } from '../shapes.ts';

/** Several contractions done at once: `value` holds `[B, Σ K·n, 1, 1]`, owner after owner. */
export interface Contracted {
  readonly value: Value;
  readonly owners: readonly { readonly elements: readonly number[]; readonly weight: number }[];
}

/** A contraction by the weight of that index. */
type Owned = Contraction & { readonly weight: number };

/** Most elements of cotangents that wait to be contracted together: 4 MB, which stay in the caches. */
const longestWait = 2 ** 20;

/** Elements of a cotangent (256 kB) from which a node of its own costs less than copying it to the others. */
const worthANode = 2 ** 16;

/**
 * Gathers contractions over images of one size. Small ones are done together: an engine spends more on starting a node
 * than on summing one channel, and a deep network has hundreds of them.
 */
export class ContractionPool {
  readonly #b: ProgramBuilder;
  readonly #waiting = new Map<string, { readonly members: Owned[]; size: number }>();
  /** Large contractions with their sums: each is done when it comes, and the sums are joined in the end. */
  readonly #large = new Map<string, { readonly member: Owned; readonly sum: Value }[]>();
  readonly #done: Contracted[] = [];

  constructor(b: ProgramBuilder) {
    this.#b = b;
  }

  add(contraction: Owned): void {
    const { received, seen } = contraction;
    const { shape } = received.value;
    // Biases, which see nothing, apart from weights and norms: pieces that came through one norm share one scale, which `simplify` can then take out.
    const key = `${shape.slice(2).join()} ${seen === undefined}`;
    if (count(shape) >= worthANode) {
      const large = this.#large.get(key) ?? [];
      this.#large.set(key, large);
      large.push({ member: contraction, sum: sumOf(this.#b, contraction) });
      return;
    }
    const group = this.#waiting.get(key) ?? { members: [], size: 0 };
    this.#waiting.set(key, group);
    group.members.push(contraction);
    group.size += count(shape);
    if (group.size >= longestWait) {
      this.#waiting.delete(key);
      this.#contract(group.members);
    }
  }

  /** Does the contractions that still wait, and gives all. */
  finish(): readonly Contracted[] {
    for (const { members } of this.#waiting.values()) this.#contract(members);
    this.#waiting.clear();
    for (const large of this.#large.values()) {
      const value = this.#b.concat(
        large.map(({ sum }) => sum),
        1,
      );
      this.#done.push({ value, owners: large.map(({ member }) => member) });
    }
    this.#large.clear();
    return this.#done;
  }

  #contract(members: readonly Owned[]): void {
    const b = this.#b;
    const received = b.concat(
      members.map((member) => member.received.value),
      1,
    );
    const seen = members.flatMap((member) =>
      member.seen === undefined ? [] : [repeated(b, member.seen, member.received.lanes)],
    );
    const product = seen.length === 0 ? received : b.mul(received, b.concat(seen, 1));
    this.#done.push({ value: b.reduce('sum', product, [2, 3]), owners: members });
  }
}

function sumOf(b: ProgramBuilder, { received, seen }: Contraction): Value {
  const product = seen === undefined ? received : scaleLanes(b, received, seen);
  return sumLanes(b, product, [2, 3]).value;
}
