import { EngineFailure } from '../engine.ts';
import { cpuEngines } from '../registry.ts';
import type { EngineChoice, EngineName } from '../registry.ts';

/**
 * Who ended the process.
 *
 * - `own`: itself, by a crash or an exit.
 * - `unclear`: the supervisor, because it was silent or wrote what is no message. Its job may be the cause, or somebody else.
 * - `killed`: somebody else, with a signal that no process raises on its own; or the system, for want of memory.
 * - `stopped`: the supervisor, because somebody else had stopped it.
 */
export type Death = 'own' | 'unclear' | 'killed' | 'stopped';

/**
 * How much a death counts against the job, or the engine, that it met. What others do does not count: whoever ends every process
 * soon after its start meets the same job each time, and the more often the slower the machine is.
 */
const weights: Readonly<Record<Death, number>> = { own: 1, unclear: 0.2, killed: 0, stopped: 0 };

/** The sum from which a job or an engine is not tried any more: two crashes, or ten unclear deaths. */
const patience = 2;

export function isForeign(death: Death): boolean {
  return weights[death] === 0;
}

/** Adds up the deaths of the process by the job or engine that they met. */
class Deaths<Cause> {
  readonly #weights = new Map<Cause, number>();

  add(cause: Cause, death: Death): void {
    this.#weights.set(cause, (this.#weights.get(cause) ?? 0) + weights[death]);
  }

  isGuilty(cause: Cause): boolean {
    // In floating point ten fifths are a little less than two.
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

  loaded(name: EngineName): void {
    this.#deaths.acquit(name);
  }

  clear(): void {
    this.#deaths.clear();
  }
}
