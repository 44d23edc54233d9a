import {
  EngineFailure,
  type EngineClient,
  type EngineInfo,
  type TensorArray,
  type TensorJob,
} from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import { ProxyFailure, type Proxy, type ProxyContext } from '../proxies/proxy.ts';
import { networkHash } from '../score/key.ts';
import type { Scorer } from '../score/scorer.ts';
import type { Score, ScoreSettings } from '../score/types.ts';
import type { Journal, JournalEntry } from './journal.ts';

export interface MeasureOptions {
  readonly scorer: Scorer;
  readonly engine: EngineClient;
  readonly settings: ScoreSettings;
  readonly signal: AbortSignal;
  readonly journal?: Journal;
  /** @param fresh of the networks done, those that were computed now */
  readonly onProgress?: (done: number, total: number, fresh: number) => void;
}

/** What proxies say of networks, by the hash of the network. */
export type Measured = ReadonlyMap<string, JournalEntry>;

/**
 * Computes proxies of networks, each different network once, in the order given. Stops between networks when the signal
 * says so; what is in the journal is not computed.
 */
export async function measure(
  networks: ReadonlyMap<string, Network>,
  proxies: readonly Proxy[],
  { scorer, engine, settings, signal, journal, onProgress }: MeasureOptions,
): Promise<Measured> {
  const measured = new Map<string, JournalEntry>();
  let fresh = 0;
  for (const [hash, network] of networks) {
    if (signal.aborted) break;
    const known = journal?.get(hash);
    const open = proxies.filter(
      ({ name }) => known?.values[name] === undefined && known?.failed[name] === undefined,
    );
    if (known !== undefined && open.length === 0) {
      measured.set(hash, known);
    } else {
      const context = new Context(network, scorer, engine, settings, signal);
      const { entry, passing } = await measureOne(hash, open, context);
      if (isAborted(signal)) break;
      journal?.add(entry);
      measured.set(hash, {
        ...entry,
        values: { ...known?.values, ...entry.values },
        failed: { ...known?.failed, ...entry.failed, ...passing },
      });
      fresh += 1;
    }
    onProgress?.(measured.size, networks.size, fresh);
  }
  return measured;
}

/** A call, because awaiting lets it change. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

interface One {
  readonly entry: JournalEntry;
  /** Failures that another try may not have: they are not kept. */
  readonly passing: Readonly<Record<string, string>>;
}

async function measureOne(hash: string, proxies: readonly Proxy[], context: Context): Promise<One> {
  const values: Record<string, number> = {};
  const failed: Record<string, string> = {};
  const passing: Record<string, string> = {};
  for (const proxy of proxies) {
    const { name } = proxy;
    try {
      values[name] = await proxy.measure(context);
    } catch (error) {
      if (!(error instanceof ProxyFailure)) throw error;
      (error.lasting ? failed : passing)[name] = `${error.reason}: ${error.message}`;
    }
  }
  const { engine } = context;
  return {
    entry: { network: hash, values, failed, ...(engine === undefined ? {} : { engine }) },
    passing,
  };
}

const lastingReasons: readonly string[] = ['no-signal', 'overflow', 'settings'];

/** What the proxies of one network share. */
class Context implements ProxyContext {
  readonly network: Network;
  readonly seeds: readonly number[];
  /** What computed, for people. */
  engine: string | undefined;
  readonly #scorer: Scorer;
  readonly #client: EngineClient;
  readonly #settings: ScoreSettings;
  readonly #signal: AbortSignal;
  #score: Promise<Score> | undefined;

  constructor(
    network: Network,
    scorer: Scorer,
    client: EngineClient,
    settings: ScoreSettings,
    signal: AbortSignal,
  ) {
    this.network = network;
    this.seeds = Array.from({ length: settings.seeds }, (_, draw) => settings.seed + draw);
    this.#scorer = scorer;
    this.#client = client;
    this.#settings = settings;
    this.#signal = signal;
  }

  score(): Promise<Score> {
    this.#score ??= this.#makeScore();
    return this.#score;
  }

  async run(job: TensorJob): Promise<Readonly<Record<string, TensorArray>>> {
    try {
      const { outputs, engine } = await this.#client.run(job, { signal: this.#signal });
      this.#used(engine);
      return outputs;
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      throw new ProxyFailure(error.reason, error.message, false);
    }
  }

  async #makeScore(): Promise<Score> {
    const outcome = await this.#scorer.score(this.network, this.#settings, { signal: this.#signal });
    if (outcome.state === 'failed')
      throw new ProxyFailure(outcome.reason, outcome.message, lastingReasons.includes(outcome.reason));
    this.#used(outcome.engine);
    return outcome;
  }

  #used({ name, version, device }: EngineInfo): void {
    this.engine = `${name} (${version}, ${device})`;
  }
}

/** Different networks of a list: equal ones are computed once. @returns the networks by hash, and the hash of each */
export function distinct(networks: readonly Network[]): {
  readonly byHash: ReadonlyMap<string, Network>;
  readonly hashes: readonly string[];
} {
  const hashes = networks.map(networkHash);
  return { byHash: new Map(hashes.map((hash, index) => [hash, networks[index]!])), hashes };
}
