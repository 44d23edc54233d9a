import { createHash } from 'node:crypto';
import type { EngineInfo } from '../engine/engine.ts';
import { canonicalNetwork } from '../network/canonical.ts';
import type { Network } from '../network/network.ts';
import { originalOf } from '../network/original.ts';
import type { ScoreSettings } from './types.ts';

/** Raised whenever the same inputs give another number than before: stored results of older versions are not read. */
export const scoreVersion = 2;

const hashes = new WeakMap<Network, string>();

/** SHA-256 of what a network computes: equal for networks that differ in names, comments or formatting only. Made once. */
export function networkHash(network: Network): string {
  const original = originalOf(network);
  const known = hashes.get(original);
  if (known !== undefined) return known;
  const hash = sha256(canonicalNetwork(original));
  hashes.set(original, hash);
  return hash;
}

/** For a network that has come from another thread with its hash. */
export function noteHash(network: Network, hash: string): void {
  hashes.set(network, hash);
}

/** Content address of one draw: everything its result depends on. */
export function seedKey(hash: string, settings: ScoreSettings, seed: number, engine: EngineInfo): string {
  // How many draws there are, and which is the first, does not matter to one of them.
  const own = { ...settings, seeds: undefined, seed: undefined };
  return sha256([scoreVersion, hash, sorted(own), seed, identity(engine)]);
}

/** Content address of a score (docs/architecture.md#invariants, 4); `engine` is absent when none took part. */
export function scoreKey(hash: string, settings: ScoreSettings, engine: EngineInfo | undefined): string {
  return sha256([scoreVersion, hash, sorted(settings), engine === undefined ? null : identity(engine)]);
}

/** What of an engine decides its numbers. */
function identity({ name, device, version }: EngineInfo): readonly string[] {
  return [name, device, version];
}

/** Whether the two give the same numbers: whether results of one may stand for those of the other. */
export function sameEngine(a: EngineInfo, b: EngineInfo): boolean {
  return identity(a).join() === identity(b).join();
}

function sorted(settings: object): unknown {
  return Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
