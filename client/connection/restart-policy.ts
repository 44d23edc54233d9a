export interface RestartDecision {
  /** Milliseconds to wait before starting again. */
  readonly delay: number;
  /** The server keeps dying: give up and tell the user. */
  readonly giveUp: boolean;
}

const firstDelay = 250;
const longestDelay = 8_000;
const window = 3 * 60_000;
const mostDeaths = 5;

/**
 * When to start a dead language server again: at once the first time, then with doubling pauses; after five deaths
 * within three minutes not at all.
 */
export class RestartPolicy {
  private deaths: number[] = [];

  /** @param now milliseconds of a steady clock */
  died(now: number): RestartDecision {
    this.deaths = [...this.deaths.filter((time) => now - time < window), now];
    return {
      delay: Math.min(firstDelay * 2 ** (this.deaths.length - 1), longestDelay),
      giveUp: this.deaths.length >= mostDeaths,
    };
  }

  /** The user asked for a restart: past deaths no longer count. */
  forget(): void {
    this.deaths = [];
  }
}
