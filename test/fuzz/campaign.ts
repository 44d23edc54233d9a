import { described, investigated, keep, type Finding } from './findings.ts';
import type { Failure, Order, Report } from './messages.ts';
import { targetNamed, type TargetModule } from './modules.ts';
import { CaseProcess } from './processes.ts';
import { defaultLimit } from './target.ts';
import { died, endless } from './trial.ts';

export interface CampaignOptions {
  readonly module: TargetModule;
  /** Names of those that are tried. */
  readonly targets: readonly string[];
  readonly seed: number;
  readonly workers: number;
  readonly minutes: number;
  /** Milliseconds that are spent on making one finding smaller. */
  readonly patience?: number;
  /** Called with lines for people. */
  readonly say: (line: string) => void;
}

export interface Outcome {
  /** Cases by target. */
  readonly cases: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  /** Processor time of the processes that tried cases, in hours. */
  readonly coreHours: number;
}

/** A case that neither ends nor uses the processor: milliseconds. The machine may be busy. */
const silence = 600_000;

/** Tries cases in several processes until the time is over. A finding is made smaller meanwhile, and told once. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #cases = new Map<string, number>();
  readonly #findings: Finding[] = [];
  /** How often each cause was met, by target and signature. */
  readonly #known = new Map<string, number>();
  readonly #workers: Worker[] = [];
  #investigations: Promise<void> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(options: CampaignOptions) {
    this.#options = options;
    for (const name of options.targets) this.#cases.set(name, 0);
  }

  async run(): Promise<Outcome> {
    const { workers, minutes, say } = this.#options;
    const started = performance.now();
    for (let number = 0; number < workers; number += 1) this.#workers.push(this.#worker(number));
    const progress = setInterval(() => {
      say(this.#progress((performance.now() - started) / 60_000));
    }, 60_000);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#stop = resolve;
      timer = setTimeout(resolve, minutes * 60_000);
    });
    clearTimeout(timer);
    clearInterval(progress);
    await Promise.all(this.#workers.map((worker) => worker.end()));
    await this.#investigations;
    say(this.#progress((performance.now() - started) / 60_000));
    return { cases: this.#cases, findings: this.#findings, coreHours: this.#coreHours };
  }

  /** Ends it before its time. */
  stop(): void {
    this.#stop();
  }

  get #coreHours(): number {
    return this.#workers.reduce((sum, worker) => sum + worker.seconds, 0) / 3600;
  }

  #worker(number: number): Worker {
    const { module, targets, seed, workers } = this.#options;
    return new Worker(
      module,
      {
        kind: 'run',
        seed,
        first: Object.fromEntries(targets.map((name) => [name, number])),
        stride: workers,
      },
      (target, index, failure) => {
        this.#found(target, index, failure);
      },
      (target) => this.#cases.set(target, this.#cases.get(target)! + 1),
    );
  }

  #found(target: string, index: number, failure: Failure): void {
    const key = `${target}: ${failure.signature}`;
    const times = this.#known.get(key) ?? 0;
    this.#known.set(key, times + 1);
    if (times > 0) return;
    const { module, seed, workers, say, patience } = this.#options;
    say(`${key} (case ${index}); making it smaller …`);
    this.#investigations = this.#investigations.then(async () => {
      const finding = await investigated(module, { target, seed, index, stride: workers, failure }, patience);
      this.#findings.push(finding);
      const file = keep(finding);
      say(described(finding));
      say(`Again with: npm run fuzz -- --replay ${file}`);
    });
  }

  #progress(minutes: number): string {
    const counts = [...this.#cases].map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
    const findings = [...this.#known.values()];
    const repeats = findings.reduce((sum, count) => sum + count, 0) - findings.length;
    return `${minutes.toFixed(1)} min, ${this.#coreHours.toFixed(2)} core-hours: ${counts.join(', ')}; findings: ${findings.length}${repeats > 0 ? ` (again ${repeats} times)` : ''}`;
  }
}

type Run = Extract<Order, { kind: 'run' }>;
type OnFound = (target: string, index: number, failure: Failure) => void;
type OnCase = (target: string) => void;

/** A process that goes through cases; another one takes over where a case ends it, or has to be ended. */
class Worker {
  readonly #module: TargetModule;
  readonly #order: Run;
  readonly #onFound: OnFound;
  readonly #onCase: OnCase;
  readonly #watch: NodeJS.Timeout;
  /** By target: the first case that has not been started. */
  readonly #next: Map<string, number>;
  #process: CaseProcess;
  #current: Current | undefined;
  readonly #exits: Promise<void>[] = [];
  /** Processor time of processes that have ended. */
  #past = 0;
  #seconds = 0;
  #isEnded = false;

  constructor(module: TargetModule, order: Run, onFound: OnFound, onCase: OnCase) {
    this.#module = module;
    this.#order = order;
    this.#onFound = onFound;
    this.#onCase = onCase;
    this.#next = new Map(Object.entries(order.first));
    this.#process = this.#start();
    this.#watch = setInterval(() => {
      this.#look();
    }, 1000);
  }

  /** Processor time that was used. */
  get seconds(): number {
    return this.#past + this.#seconds;
  }

  /** Resolves when all its processes are gone. */
  async end(): Promise<void> {
    this.#look();
    this.#isEnded = true;
    clearInterval(this.#watch);
    this.#process.end();
    await Promise.all(this.#exits);
  }

  #start(): CaseProcess {
    this.#seconds = 0;
    const started = new CaseProcess(this.#module.url, (report) => {
      this.#take(report);
    });
    this.#exits.push(started.exited);
    void started.exited.then(() => {
      if (!this.#isEnded && this.#process === started) this.#replace(died);
    });
    started.send({ ...this.#order, first: Object.fromEntries(this.#next) });
    return started;
  }

  #take(report: Report): void {
    if (report.kind === 'failed') this.#onFound(report.target, report.index, report.failure);
    if (report.kind !== 'started') return;
    if (this.#current !== undefined) this.#onCase(this.#current.target);
    const { target, index } = report;
    this.#current = { target, index, seconds: undefined, since: performance.now() };
    // What was tried last is last in its turn, also in another process.
    this.#next.delete(target);
    this.#next.set(target, index + this.#order.stride);
  }

  /** Ends a case that takes too long. */
  #look(): void {
    this.#seconds = Math.max(this.#seconds, this.#process.seconds);
    if (this.#current === undefined) return;
    // Only looked at now and then: cases are short.
    const since = (this.#current.seconds ??= this.#seconds);
    const target = targetNamed(this.#module, this.#current.target);
    if (this.#seconds - since > (target.limit ?? defaultLimit)) this.#replace(endless(target));
    else if (performance.now() - this.#current.since > silence) this.#replace(silent);
  }

  #replace(failure: Failure): void {
    const current = this.#current;
    this.#past += this.#seconds;
    this.#current = undefined;
    const old = this.#process;
    this.#process = this.#start();
    old.end();
    if (current !== undefined) this.#onFound(current.target, current.index, failure);
  }
}

interface Current {
  readonly target: string;
  readonly index: number;
  /** Processor time of the process when the case was first looked at. */
  seconds: number | undefined;
  /** Milliseconds of the clock. */
  readonly since: number;
}

const silent: Failure = {
  signature: 'silent',
  text: `Nothing came for ${silence / 60_000} minutes, without use of the processor.`,
};
