// Work that is done side by side, and told of one after another.

/** @typedef {(text: string | Uint8Array) => unknown} Write */

/**
 * Runs so much work at a time, the rest once there is room.
 * @param {number} most
 * @returns {<Result>(work: () => Promise<Result>) => Promise<Result>}
 */
export function atMost(most) {
  let free = most;
  /** @type {(() => void)[]} */
  const waiting = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise((/** @type {(value: void) => void} */ resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/** What work says: held back until it is its turn, from then on passed on at once. */
export class Output {
  /** @type {(string | Uint8Array)[]} */
  #held = [];
  /** @type {Write | undefined} */
  #to;

  /** @param {string | Uint8Array} text */
  write(text) {
    if (this.#to === undefined) this.#held.push(text);
    else this.#to(text);
  }

  /** @param {Write} to */
  tell(to) {
    for (const text of this.#held.splice(0)) to(text);
    this.#to = to;
  }
}
