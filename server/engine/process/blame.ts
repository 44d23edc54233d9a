import { EngineFailure } from '../engine.ts';
import { cpuEngines } from '../registry.ts';
import type { EngineChoice, EngineName } from '../registry.ts';

/**
 * Who ended the process. `own`: itself, by a crash or an exit. `foreign`: by all appearances somebody else, with a signal
 * that no process raises on its own, by stopping it, or by writing on its channel.
 */
export type Death = 'own' | 'foreign';

/** What a death says against the job, or the engine, that it met. */
const weights: Readonly<Record<Death, number>> = { own: 1, foreign: 0.2 };

/** So much may be said against the same thing before it is not tried any more: two crashes, or ten foreign deaths. */
const patience = 2;

export function weightOf(death: Death): number {
  return weights[death];
}

/** Adds up what deaths of the process say against what it was doing. */
class Deaths<Cause> {
  readonly #weights = new Map<Cause, number>();

  add(cause: Cause, death: Death): void {
    this.#weights.set(cause, (this.#weights.get(cause) ?? 0) + weightOf(death));
  }

  isGuilty(cause: Cause): boolean {
    // Ten fifths are a little less than two.
    return (this.#weights.get(cause) ?? 0) > patience - 1e-9;
  }

  acquit(cause: Cause): void {
    this.#weights.delete(cause);
  }

  clear(): void {
    this.#weights.clear();
  }
}

/** Jobs, by label, under which the process died. Two crashes without a success in between are quarantine. */
export class Quarantine extends Deaths<string> {}

export function quarantined(label: string): EngineFailure {
  return new EngineFailure(
    'quarantined',
    `The engine process died repeatedly computing this (${label}); it is not tried again until the engine is restarted.`,
  );
}

/**
 * The engines to try, without those whose native library ends the process while it is being loaded. `auto`: those on the
 * processor; each GPU engine has a process of its own, with a choice of its own.
 */
export class Candidates {
  readonly #choice: EngineChoice;
  readonly #deaths = new Deaths<EngineName>();

  constructor(choice: EngineChoice) {
    this.#choice = choice;
  }

  list(): readonly EngineName[] {
    return this.#choice === 'auto'
      ? cpuEngines.filter((name) => !this.#deaths.isGuilty(name))
      : [this.#choice];
  }

  /** Why engines are left out of the list. */
  notes(): readonly string[] {
    return cpuEngines
      .filter((name) => this.#choice === 'auto' && this.#deaths.isGuilty(name))
      .map((name) => `${name}: ends the process while it is being loaded`);
  }

  diedLoading(name: EngineName, death: Death): void {
    this.#deaths.add(name, death);
  }

  clear(): void {
    this.#deaths.clear();
  }
}
