import { LRUCache } from 'lru-cache';
import type { Source } from '../tensor/ir.ts';
import { fillFrom } from '../tensor/materialise.ts';

/** Bytes of draws that are kept: the weights of some networks of a few million parameters. */
const largestKept = 32e6;

/**
 * Keeps what was drawn for the jobs before. A tensor's values depend on its name and the seed alone, so an edit leaves
 * most of them as they were, and the networks of a ranking share them: copying takes a tenth of drawing.
 */
export class Draws {
  readonly #kept = new LRUCache<string, Float32Array>({
    maxSize: largestKept,
    sizeCalculation: ({ byteLength }) => byteLength,
    dispose: ({ byteLength }) => {
      this.dropped += byteLength;
    },
  });
  /** Bytes dropped since this was last set to 0, which the garbage collector has to free. */
  dropped = 0;

  /** As `fillFrom`: writes the values of a source over zeros. */
  fill(source: Source, seed: number, out: Float32Array): void {
    if (source.kind !== 'normal') {
      fillFrom(source, seed, out);
      return;
    }
    const key = `${seed} ${source.std} ${out.length} ${source.name}`;
    const known = this.#kept.get(key);
    if (known === undefined) {
      fillFrom(source, seed, out);
      const isWorthIt = 0 < out.byteLength && out.byteLength <= largestKept / 4;
      if (isWorthIt) this.#kept.set(key, out.slice());
    } else out.set(known);
  }
}
