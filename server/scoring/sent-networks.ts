import { LRUCache } from 'lru-cache';
import type { Network } from '../network/network.ts';
import { originalOf } from '../network/original.ts';
import { networkHash } from '../score/key.ts';
import type { ToScoreThread } from './score-thread-protocol.ts';

/** Nodes of the networks that the thread keeps: of two of the largest, or of hundreds as people write them. */
const capacity = 50_000;

/** The networks that the scoring thread has. Each is sent once, and again only where it had to make room for others. */
export class SentNetworks {
  readonly #send: (message: ToScoreThread) => void;
  readonly #numbers = new WeakMap<Network, number>();
  /** Nodes by number. */
  readonly #there: LRUCache<number, number>;
  #last = 0;

  /** @param most nodes of the networks that are kept together */
  constructor(send: (message: ToScoreThread) => void, most = capacity) {
    this.#send = send;
    this.#there = new LRUCache({
      maxSize: most,
      sizeCalculation: (nodes) => Math.min(nodes, most),
      dispose: (_, number, reason) => {
        if (reason === 'evict') this.#send({ type: 'forget', number });
      },
    });
  }

  /** What jobs call a network by; it is sent now unless the thread has it. Where it stands in the text does not matter there. */
  numberOf(network: Network): number {
    const original = originalOf(network);
    const known = this.#numbers.get(original);
    if (known !== undefined && this.#there.get(known) !== undefined) return known;
    const number = ++this.#last;
    this.#numbers.set(original, number);
    this.#there.set(number, original.nodes.length);
    this.#send({ type: 'network', number, network: original, hash: networkHash(original) });
    return number;
  }

  /** The thread is a new one. */
  clear(): void {
    this.#there.clear();
  }
}
