import type { EngineClient } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import { MeasuringContext, measureProxies } from '../proxies/measure.ts';
import type { Proxy } from '../proxies/proxy.ts';
import type { Samples } from '../proxies/samples.ts';
import { networkHash } from '../score/key.ts';
import type { Scorer } from '../score/scorer.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { Journal, JournalEntry } from './journal.ts';

export interface MeasureOptions {
  readonly scorer: Scorer;
  readonly engine: EngineClient;
  readonly settings: ScoreSettings;
  /** What the networks see instead of noise. */
  readonly samples?: Samples;
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
  { journal, onProgress, ...making }: MeasureOptions,
): Promise<Measured> {
  const measured = new Map<string, JournalEntry>();
  let fresh = 0;
  for (const [hash, network] of networks) {
    if (isAborted(making.signal)) break;
    const known = journal?.get(hash);
    const open = proxies.filter(
      ({ name }) => known?.values[name] === undefined && known?.failed[name] === undefined,
    );
    if (known !== undefined && open.length === 0) {
      measured.set(hash, known);
    } else {
      const context = new MeasuringContext(network, making);
      const { values, failed, passing } = await measureProxies(open, context);
      if (isAborted(making.signal)) break;
      const { engine } = context;
      const entry = { network: hash, values, failed, ...(engine === undefined ? {} : { engine }) };
      journal?.add(entry);
      measured.set(hash, {
        ...entry,
        values: { ...known?.values, ...values },
        failed: { ...known?.failed, ...failed, ...passing },
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

/** Different networks of a list: equal ones are computed once. @returns the networks by hash, and the hash of each */
export function distinct(networks: readonly Network[]): {
  readonly byHash: ReadonlyMap<string, Network>;
  readonly hashes: readonly string[];
} {
  const hashes = networks.map(networkHash);
  return { byHash: new Map(hashes.map((hash, index) => [hash, networks[index]!])), hashes };
}
