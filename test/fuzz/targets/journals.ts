import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Journal, JournalError, type JournalEntry } from '../../../server/evaluation/journal.ts';
import { oddities, prototypeNames } from '../input/words.ts';
import type { Random } from '../../support/random.ts';
import { ensure, ensureSame, target } from '../target.ts';
import { anyDamage, damaged, type Damage } from './damage.ts';
import { Scratch } from './scratch.ts';

interface Input {
  /** Runs that go on from one another, each killed behind its last entry. */
  readonly runs: readonly {
    readonly entries: readonly Entry[];
    /** What happens to the file before the next run. */
    readonly damages: readonly Damage[];
    /** Lines that somebody else has written at the end. */
    readonly lines: readonly string[];
  }[];
}

interface Entry {
  readonly network: string;
  readonly proxy: string;
  readonly value: number;
  readonly failure: string;
}

const scratch = new Scratch();
const settings = 'settings';

function anyName(random: Random): string {
  return random.pick([random.pick(['a', 'b', 'c', 'd']), random.pick(prototypeNames), random.pick(oddities)]);
}

const lines = [
  '{}', '[]', 'null', '{"network":"a"}', '{"network":"a","values":{"vkdnw":1e999},"failed":{}}', '{"network":"a","values":[],"failed":[]}',
  '{"network":"a","values":{"vkdnw":"1"},"failed":{}}', '{"network":1,"values":{},"failed":{}}', '\0', '\ufeff{}', '{"format":"archlens evaluation journal 2"}',
  '{"network":"x","values":{"__proto__":{"y":1}},"failed":{}}', '{"network":"__proto__","values":{"vkdnw":1},"failed":{}}', '"'.repeat(99), '['.repeat(5000),
] as const; // prettier-ignore

/** What stands in a line that nothing has touched is never lost, whatever became of the others. */
export const journals = target<Input>({
  name: 'journals',
  generate: (random) => ({
    runs: random.times(1 + random.small(4), () => ({
      entries: random.times(random.small(12), () => ({
        network: anyName(random),
        proxy: random.pick(['vkdnw', 'zen', 'params']),
        value: random.pick([0, 1, -1.5, 1e300, 5e-324, random.share()]),
        failure: random.chance(0.2) ? random.pick(oddities) : '',
      })),
      damages: random.chance(0.7) ? random.times(1 + random.small(3), () => anyDamage(random)) : [],
      lines: random.chance(0.3) ? random.times(1 + random.small(3), () => random.pick(lines)) : [],
    })),
  }),
  check({ runs }) {
    const path = scratch.path('run.journal');
    rmSync(path, { force: true });
    /** Lines that a journal wrote itself, by their bytes. */
    const written = new Map<string, JournalEntry>();
    for (const { entries, damages, lines: foreign } of runs) {
      const journal = opened(path, written);
      if (journal === undefined) return;
      for (const { network, proxy, value, failure } of entries) {
        const entry: JournalEntry = {
          network,
          values: Object.fromEntries(failure === '' ? [[proxy, value]] : []),
          failed: Object.fromEntries(failure === '' ? [] : [[proxy, failure]]),
        };
        journal.add(entry);
        const last = wholeLines(readFileSync(path)).at(-1);
        ensure(last !== undefined, 'An entry is not on the disk.');
        written.set(last, entry);
      }
      journal.close();
      let bytes = readFileSync(path);
      for (const damage of damages) bytes = damaged(bytes, damage) as typeof bytes;
      writeFileSync(path, Buffer.concat([bytes, ...foreign.map((line) => Buffer.from(`${line}\n`))]));
    }
    opened(path, written)?.close();
  },
  close: () => {
    scratch.clear();
  },
});

/** A character is a byte. */
function wholeLines(bytes: Buffer): string[] {
  return bytes.toString('latin1').split('\n').slice(0, -1);
}

/** Opens what is there, or has it refused and left as it is; nothing else may happen. */
function opened(path: string, written: ReadonlyMap<string, JournalEntry>): Journal | undefined {
  const before = existing(path);
  let journal: Journal;
  try {
    journal = new Journal(path, settings);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    ensure(existing(path)?.equals(before ?? Buffer.of()) ?? true, 'A journal that is refused was changed.');
    return undefined;
  }
  const [, ...known] = wholeLines(before ?? Buffer.of());
  ensureSame(
    wholeLines(readFileSync(path)).slice(1, 1 + known.length),
    known,
    'Opening a journal changes a line that ends.',
  );
  const expected = new Map<string, JournalEntry>();
  for (const line of known) {
    const entry = written.get(line);
    if (entry === undefined) continue;
    const { network, values, failed } = entry;
    const former = expected.get(network);
    expected.set(network, {
      network,
      values: { ...former?.values, ...values },
      failed: { ...former?.failed, ...failed },
    });
  }
  const touched = known.filter((line) => !written.has(line)).length;
  for (const [network, { values, failed }] of expected) {
    const found = journal.get(network);
    ensure(found !== undefined, 'A network of a whole line is lost.', () => network);
    // Another line may have given it another value since.
    if (touched > 0) continue;
    ensureSame({ ...found.values }, values, 'Values of a whole line are lost.');
    ensureSame({ ...found.failed }, failed, 'Failures of a whole line are lost.');
  }
  return journal;
}

function existing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
