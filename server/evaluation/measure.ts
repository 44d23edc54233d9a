import type { Network } from '../network/network.ts';
import { ProxyFailure, type Proxy, type ProxyContext } from '../proxies/proxy.ts';
import { networkHash } from '../score/key.ts';
import type { Scorer } from '../score/scorer.ts';
import type { Score, ScoreSettings } from '../score/types.ts';
import type { Journal, JournalEntry } from './journal.ts';

export interface MeasureOptions {
  readonly scorer: Scorer;
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
  { scorer, settings, signal, journal, onProgress }: MeasureOptions,
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
      const { entry, passing } = await measureOne(hash, network, open, (own) =>
        scorer.score(own, settings, { signal }),
      );
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

async function measureOne(
  hash: string,
  network: Network,
  proxies: readonly Proxy[],
  scoreOf: (network: Network) => ReturnType<Scorer['score']>,
): Promise<One> {
  const context = contextOf(network, scoreOf);
  const values: Record<string, number> = {};
  const failed: Record<string, string> = {};
  const passing: Record<string, string> = {};
  for (const { name, measure: measureProxy } of proxies) {
    try {
      values[name] = await measureProxy(context);
    } catch (error) {
      if (!(error instanceof ProxyFailure)) throw error;
      (error.lasting ? failed : passing)[name] = `${error.reason}: ${error.message}`;
    }
  }
  const engine = context.engine();
  return {
    entry: { network: hash, values, failed, ...(engine === undefined ? {} : { engine }) },
    passing,
  };
}

const lastingReasons: readonly string[] = ['no-signal', 'overflow', 'settings'];

function contextOf(
  network: Network,
  scoreOf: (network: Network) => ReturnType<Scorer['score']>,
): ProxyContext & { engine(): string | undefined } {
  let scoring: Promise<Score> | undefined;
  let engine: string | undefined;
  const score = async (): Promise<Score> => {
    const outcome = await scoreOf(network);
    if (outcome.state === 'failed')
      throw new ProxyFailure(outcome.reason, outcome.message, lastingReasons.includes(outcome.reason));
    engine = `${outcome.engine.name} (${outcome.engine.version}, ${outcome.engine.device})`;
    return outcome;
  };
  return { network, score: () => (scoring ??= score()), engine: () => engine };
}

/** Different networks of a list: equal ones are computed once. @returns the networks by hash, and the hash of each */
export function distinct(networks: readonly Network[]): {
  readonly byHash: ReadonlyMap<string, Network>;
  readonly hashes: readonly string[];
} {
  const hashes = networks.map(networkHash);
  return { byHash: new Map(hashes.map((hash, index) => [hash, networks[index]!])), hashes };
}
