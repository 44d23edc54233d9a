import { own } from '../../server/base/own.ts';
import { dataSets } from '../../server/evaluation/benchmark.ts';
import { proxyGroups, readJournal } from './member-groups.ts';
import type { DrawRecord, MemberRecord } from './space-records.ts';

/** All numbers of one member on one data set. */
export interface MeasuredMember {
  readonly genotype: string;
  readonly accuracy: number;
  readonly part: 'choice' | 'report';
  /** By proxy. */
  readonly values: ReadonlyMap<string, number>;
  /** By group (`eval/first/0`). */
  readonly draws: ReadonlyMap<string, DrawRecord>;
  /** Groups that were computed, also where they failed. */
  readonly groups: ReadonlySet<string>;
}

/** Members of a space that were trained on one data set. */
export interface SpaceColumn {
  readonly space: string;
  readonly dataSet: string;
  readonly members: readonly MeasuredMember[];
}

/** What sees feature maps alone, which the number of classes is no part of. */
const ofFeatures = ['maps', 'activations'] as const;

interface Gathered extends Omit<MeasuredMember, 'values' | 'draws' | 'groups'> {
  readonly values: Map<string, number>;
  readonly draws: Map<string, DrawRecord>;
  readonly groups: Set<string>;
}

/** The columns of a journal, data sets in the order of their table. Feature maps of CIFAR-100 are those of CIFAR-10. */
export function columnsOf(journal: string): readonly SpaceColumn[] {
  const columns = new Map<string, Map<string, Gathered>>();
  const records = readJournal(journal);
  for (const record of records) {
    const key = `${record.space}\t${record.dataSet}`;
    let members = columns.get(key);
    if (members === undefined) {
      members = new Map<string, Gathered>();
      columns.set(key, members);
    }
    add(members, record);
  }
  for (const record of records) {
    const group = ofFeatures.find((name) => name === record.group);
    if (group === undefined || record.dataSet !== 'cifar10') continue;
    const member = columns.get(`${record.space}\tcifar100`)?.get(record.genotype);
    if (member === undefined) continue;
    member.groups.add(group);
    for (const name of proxyGroups[group]) {
      const value = own(record.values ?? {}, name);
      if (value !== undefined) member.values.set(name, value);
    }
  }
  return [...columns]
    .map(([key, members]) => {
      const [space, dataSet] = key.split('\t') as [string, string];
      return { space, dataSet, members: [...members.values()] };
    })
    .toSorted((a, b) => Object.keys(dataSets).indexOf(a.dataSet) - Object.keys(dataSets).indexOf(b.dataSet));
}

function add(members: Map<string, Gathered>, record: MemberRecord): void {
  const { genotype, accuracy, part, group } = record;
  let member = members.get(genotype);
  if (member === undefined) {
    member = { genotype, accuracy, part, values: new Map(), draws: new Map(), groups: new Set() };
    members.set(genotype, member);
  }
  member.groups.add(group);
  const [draw] = record.draws ?? [];
  if (draw !== undefined) member.draws.set(group, draw);
  if (group.includes('/')) return;
  for (const [name, value] of Object.entries(record.values ?? {})) member.values.set(name, value);
}

/**
 * The mean entropy of the draws of a setting that all of the members have; undefined for a member without one of them.
 *
 * @param setting `eval/first`
 */
export function entropies(
  members: readonly MeasuredMember[],
  setting: string,
): { readonly seeds: number; readonly values: readonly (number | undefined)[] } {
  const groups = [0, 1, 2, 3].map((seed) => `${setting}/${seed}`);
  const computed = groups.filter((group) => members.every((member) => member.groups.has(group)));
  const values = members.map(({ draws }) => {
    const each = computed.map((group) => draws.get(group)?.entropy);
    return each.length === 0 || each.includes(undefined)
      ? undefined
      : each.reduce((sum: number, value) => sum + value!, 0) / each.length;
  });
  return { seeds: computed.length, values };
}
