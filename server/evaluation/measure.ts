import { own } from '../base/own.ts';
import type { EngineClient } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import { MeasuringContext, measureProxies, type ProxyResults } from '../proxies/measure.ts';
import type { Proxy } from '../proxies/proxy.ts';
import type { Samples } from '../proxies/samples.ts';
import { networkHash } from '../score/key.ts';
import type { Scorer } from '../score/scorer.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { Journal, JournalEntry } from './journal.ts';

/** A scorer and the engine under it: computes one network at a time. */
export interface Lane {
  readonly scorer: Scorer;
  readonly engine: EngineClient;
}

export interface MeasureOptions {
  /** At least one. Each takes the next network when it has done one. */
  readonly lanes: readonly Lane[];
  readonly settings: ScoreSettings;
  /** What the networks see instead of noise. */
  readonly samples?: Samples;
  readonly signal: AbortSignal;
  readonly journal?: Journal;
  /** @param fresh of the networks done, those that were computed now */
  readonly onProgress?: (done: number, total: number, fresh: number) => void;
}

/** Values of proxies, by the hash of the network. */
export type Measured = ReadonlyMap<string, JournalEntry>;

/**
 * Computes proxies of networks, each different network once, begun in the order given. Stops when the signal says so; what
 * is in the journal is not computed. A kill loses the proxy under way of each lane.
 */
export async function measure(
  networks: ReadonlyMap<string, Network>,
  proxies: readonly Proxy[],
  { lanes, journal, onProgress, ...making }: MeasureOptions,
): Promise<Measured> {
  const measured = new Map<string, JournalEntry>();
  const waiting = [...networks].reverse();
  let fresh = 0;
  const run = async (lane: Lane): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (isAborted(making.signal)) return;
      const [hash, network] = next;
      const known = journal?.get(hash);
      const open = proxies.filter(
        ({ name }) =>
          own(known?.values ?? {}, name) === undefined && own(known?.failed ?? {}, name) === undefined,
      );
      if (known !== undefined && open.length === 0) {
        measured.set(hash, known);
      } else {
        const context = new MeasuringContext(network, { ...lane, ...making });
        const own = await measureNetwork(hash, open, context, making.signal, journal);
        if (own === undefined) return;
        measured.set(hash, {
          ...own,
          values: { ...known?.values, ...own.values },
          failed: { ...known?.failed, ...own.failed },
        });
        fresh += 1;
      }
      onProgress?.(measured.size, networks.size, fresh);
    }
  };
  try {
    await Promise.all(lanes.map(run));
  } finally {
    // Where one lane failed the others take no more.
    waiting.length = 0;
  }
  return measured;
}

/**
 * Each proxy that costs passes is in the journal before the next of them begins.
 *
 * @returns undefined when it was stopped
 */
async function measureNetwork(
  network: string,
  proxies: readonly Proxy[],
  context: MeasuringContext,
  signal: AbortSignal,
  journal: Journal | undefined,
): Promise<JournalEntry | undefined> {
  let all: ProxyResults = nothing;
  let unwritten: ProxyResults = nothing;
  for (const [index, proxy] of proxies.entries()) {
    const results = await measureProxies([proxy], context);
    if (isAborted(signal)) return undefined;
    all = together(all, results);
    unwritten = together(unwritten, results);
    const rest = proxies.slice(index + 1);
    if (rest.length > 0 && !(isCostly(proxy) && rest.some(isCostly))) continue;
    const { engine } = context;
    const { values, failed } = unwritten;
    journal?.add({ network, values, failed, ...(engine === undefined ? {} : { engine }) });
    unwritten = nothing;
  }
  const { engine } = context;
  const { values, failed, passing } = all;
  return {
    network,
    values,
    failed: { ...failed, ...passing },
    ...(engine === undefined ? {} : { engine }),
  };
}

const nothing: ProxyResults = { values: {}, failed: {}, passing: {} };

function together(one: ProxyResults, other: ProxyResults): ProxyResults {
  return {
    values: { ...one.values, ...other.values },
    failed: { ...one.failed, ...other.failed },
    passing: { ...one.passing, ...other.passing },
  };
}

function isCostly({ inputs }: Proxy): boolean {
  return inputs !== 'none';
}

/** A function, because the signal may change during an await, which TypeScript does not see in a property. */
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
