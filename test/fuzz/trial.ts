import type { Failure, Report } from './messages.ts';
import { targetNamed, type TargetModule } from './modules.ts';
import { CaseProcess } from './processes.ts';
import { defaultLimit, type FuzzTarget, type Json } from './target.ts';

export function endless({ limit = defaultLimit }: FuzzTarget): Failure {
  const text = `It took more than ${limit} seconds of processor time.`;
  return { signature: 'endless', text };
}

export const died: Failure = {
  signature: 'died',
  text: 'The process ended, by a signal or for lack of memory.',
};

/** Tries inputs in a process of their own, which is ended where it takes too long. */
export class Trial {
  readonly #module: TargetModule;
  #process: CaseProcess | undefined;
  #answer: (report: Report | undefined) => void = () => undefined;

  constructor(module: TargetModule) {
    this.#module = module;
  }

  /** @param inputs one after another, with nothing left from before */
  async run(name: string, inputs: readonly Json[]): Promise<Failure | undefined> {
    // Loading the program is no part of a case.
    if (this.#process === undefined) await this.#attempt(name, [], Infinity);
    const { limit = defaultLimit } = targetNamed(this.#module, name);
    return await this.#attempt(name, inputs, limit * Math.max(1, inputs.length));
  }

  async #attempt(name: string, inputs: readonly Json[], limit: number): Promise<Failure | undefined> {
    const tried = (this.#process ??= this.#start());
    const before = tried.seconds;
    const answer = new Promise<Report | undefined>((resolve) => {
      this.#answer = resolve;
    });
    tried.send({ kind: 'try', target: name, inputs });
    let failure = died;
    const watch = setInterval(() => {
      if (tried.seconds - before <= limit) return;
      failure = endless(targetNamed(this.#module, name));
      tried.end();
    }, 250);
    const report = await answer;
    clearInterval(watch);
    return report?.kind === 'tried' ? report.failure : failure;
  }

  async end(): Promise<void> {
    const ended = this.#process;
    ended?.end();
    await ended?.exited;
  }

  #start(): CaseProcess {
    const started = new CaseProcess(this.#module.url, (report) => {
      this.#answer(report);
    });
    void started.exited.then(() => {
      this.#process = undefined;
      this.#answer(undefined);
    });
    return started;
  }
}
