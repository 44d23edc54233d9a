import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { own } from '../../server/base/own.ts';
import type { EngineClient } from '../../server/engine/engine.ts';
import type { Network } from '../../server/network/network.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { MeasuringContext, measureProxies } from '../../server/proxies/measure.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings, parseNorm, parseTensors } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { noStore } from '../engine.ts';
import { spectrumRecord, type MemberRecord } from './space-records.ts';

/**
 * Proxies of one group are computed one after another, and share passes. Left out: GraSP for its time, and those of TE-NAS, which are of
 * NAS-Bench-201 alone.
 */
export const proxyGroups = {
  free: ['params', 'macs', 'layers'],
  counts: ['params', 'macs', 'layers', 'l2_norm', 'synflow'],
  maps: ['expressivity', 'progressivity'],
  activations: ['naswot', 'trainability'],
  jacov: ['jacov', 'epe_nas'],
  signs: ['grad_sign'],
  loss: ['grad_norm', 'snip', 'plain', 'fisher', 'zico'],
  noise: ['zen'],
} as const;

/** Aggregates are chosen on some of the members, and reported on the others. */
export type Part = 'choice' | 'report';

/** A network that was trained, and its numbers are asked for. */
export interface Member {
  readonly space: string;
  readonly dataSet: string;
  readonly genotype: string;
  readonly accuracy: number;
  readonly part: Part;
  readonly network: () => Network;
}

/**
 * Settings of a group `eval/first/0`: a draw of VKDNW as `settled` makes it, by norms, tensors and seed. The mean over the seeds 0 … 3 is
 * that score. In the place of norms, `normalised` is the normalised softmax with T = 3.
 */
function drawSettings(group: string): ScoreSettings {
  const [norm, tensors, seed] = group.split('/') as [string, string, string];
  return {
    ...namedSettings.settled,
    ...(norm === 'normalised'
      ? { softmax: { kind: 'normalised', temperature: 3 } }
      : { norm: parseNorm(norm) }),
    tensors: parseTensors(tensors),
    seed: Number(seed),
    seeds: 1,
  };
}

/** Computes groups of numbers of members, each once: what the journal has is not computed again. */
export class MemberGroups {
  readonly #engine: EngineClient;
  readonly #scorer: Scorer;
  readonly #journal: string;
  readonly #version: string;
  readonly #done: Set<string>;

  /** @param journal a file of lines of JSON, made where there is none */
  constructor(engine: EngineClient, journal: string, version: string) {
    this.#engine = engine;
    this.#scorer = new Scorer(engine, noStore);
    this.#journal = journal;
    this.#version = version;
    this.#done = new Set(readJournal(journal).map((record) => keyOf(record, record.group)));
  }

  async measure(member: Member, group: string): Promise<void> {
    const key = keyOf(member, group);
    if (this.#done.has(key)) return;
    const { network, ...common } = member;
    const started = performance.now();
    const results = await this.#results(network(), group);
    const record: MemberRecord = {
      ...common,
      group,
      version: this.#version,
      ...results,
      milliseconds: Math.round(performance.now() - started),
    };
    appendFileSync(this.#journal, `${JSON.stringify(record)}\n`);
    this.#done.add(key);
  }

  async #results(
    network: Network,
    group: string,
  ): Promise<Pick<MemberRecord, 'draws' | 'failed' | 'values' | 'engine'>> {
    const names = own(proxyGroups, group);
    if (names === undefined) return spectrumRecord(await this.#scorer.score(network, drawSettings(group)));
    const context = new MeasuringContext(network, {
      scorer: this.#scorer,
      engine: this.#engine,
      settings: { ...namedSettings.live, seeds: 1 },
      signal: new AbortController().signal,
    });
    const { values, failed, passing } = await measureProxies(names.map(proxyNamed), context);
    const { engine } = context;
    return { values, failed: { ...failed, ...passing }, ...(engine === undefined ? {} : { engine }) };
  }
}

export function readJournal(journal: string): readonly MemberRecord[] {
  if (!existsSync(journal)) return [];
  return readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MemberRecord);
}

function keyOf(
  { space, dataSet, genotype }: Pick<Member, 'space' | 'dataSet' | 'genotype'>,
  group: string,
): string {
  return [space, dataSet, genotype, group].join('\t');
}
