import type { Source } from '../tensor/ir.ts';
import { fillFrom } from '../tensor/materialise.ts';

/** Weights of some networks of a few million parameters. */
const largestKept = 32e6;

/**
 * Keeps what was drawn for the jobs before. A tensor's values depend on its name and the seed alone, so an edit leaves
 * most of them as they were, and the networks of a ranking share them: copying takes a tenth of drawing.
 */
export class Draws {
  /** What was used longest ago comes first. */
  readonly #kept = new Map<string, Float32Array>();
  #bytes = 0;
  /** Bytes that were let go since this was last set to 0: the collector's. */
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
      this.#keep(key, out.slice());
      return;
    }
    out.set(known);
    this.#kept.delete(key);
    this.#kept.set(key, known);
  }

  #keep(key: string, values: Float32Array): void {
    if (values.byteLength > largestKept / 4) return;
    this.#kept.set(key, values);
    this.#bytes += values.byteLength;
    for (const [oldest, { byteLength }] of this.#kept) {
      if (this.#bytes <= largestKept) break;
      this.#kept.delete(oldest);
      this.#bytes -= byteLength;
      this.dropped += byteLength;
    }
  }
}
