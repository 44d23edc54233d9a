import { cpuEngines } from '../registry.ts';
import type { EngineChoice, EngineName } from '../registry.ts';

/** So often may the same thing end the process before it is not tried any more. */
const chances = 2;

/** Counts deaths of the process by what it was doing. */
class Deaths<Cause> {
  readonly #counts = new Map<Cause, number>();

  add(cause: Cause): void {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + 1);
  }

  isGuilty(cause: Cause): boolean {
    return (this.#counts.get(cause) ?? 0) >= chances;
  }

  acquit(cause: Cause): void {
    this.#counts.delete(cause);
  }

  clear(): void {
    this.#counts.clear();
  }
}

/** Jobs, by label, under which the process died. Twice, without a success in between, is quarantine. */
export class Quarantine extends Deaths<string> {}

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

  diedLoading(name: EngineName): void {
    this.#deaths.add(name);
  }

  clear(): void {
    this.#deaths.clear();
  }
}
