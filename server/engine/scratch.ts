import { Draws } from './draws.ts';

/** Most bytes that are kept from job to job. Larger jobs get fresh arrays, which the garbage collector frees. */
const largestKept = 128e6;
/** Views of the buffer start at multiples of a cache line. */
const alignment = 64;

/**
 * Memory for the arrays of one job after another. A job's weights take tens of megabytes that are dead when it ends. Using the
 * same memory again saves the system clearing fresh pages, and the collector freeing the old ones.
 */
export class Scratch {
  readonly draws = new Draws();
  #buffer = new ArrayBuffer(0);
  #used = 0;
  #wanted = 0;
  #spilled = 0;

  /** Bytes of this job for which there was no room, and bytes dropped for it: the garbage collector frees both. */
  get spilled(): number {
    return this.#spilled + this.draws.dropped;
  }

  /** Starts a job. Arrays given before must not be used any more; there is room for as much as the last job took. */
  reset(): void {
    this.#spilled = 0;
    this.draws.dropped = 0;
    if (this.#wanted > this.#buffer.byteLength && this.#wanted <= largestKept) {
      this.#spilled = this.#buffer.byteLength;
      this.#buffer = new ArrayBuffer(this.#wanted);
    }
    this.#used = 0;
    this.#wanted = 0;
  }

  /** An array of zeros. */
  floats(length: number): Float32Array {
    const offset = this.#reserve(4 * length);
    return offset === undefined
      ? new Float32Array(length)
      : new Float32Array(this.#buffer, offset, length).fill(0);
  }

  /** Bytes of any content. */
  bytes(length: number): Uint8Array {
    const offset = this.#reserve(length);
    return offset === undefined ? new Uint8Array(length) : new Uint8Array(this.#buffer, offset, length);
  }

  #reserve(bytes: number): number | undefined {
    const size = Math.ceil(bytes / alignment) * alignment;
    this.#wanted += size;
    if (this.#used + size > this.#buffer.byteLength) {
      this.#spilled += size;
      return undefined;
    }
    const offset = this.#used;
    this.#used += size;
    return offset;
  }
}
