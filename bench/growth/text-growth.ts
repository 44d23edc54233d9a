import process from 'node:process';
import { formatInteger } from '../../server/base/quantities.ts';
import { textKinds, type TextKind } from './long-texts.ts';
import { milliseconds, verdict, type Table } from '../report.ts';
import { exponent } from '../statistics.ts';
import { EditorSession } from '../editor/editor-session.ts';
import { threadClock } from '../thread-time.ts';
import { textRequests } from './text-requests.ts';
import { measureAlone, measureRequests, TextTimes } from './text-times.ts';

export interface TextGrowthOptions {
  /** Of the bundle. */
  readonly server: string;
  /** A quarter of the lengths. */
  readonly small: boolean;
  /** Parts of names of kinds of text; absent: all kinds. */
  readonly kinds?: readonly string[];
}

/** What takes less than this for the longest text is not fitted: it is lost in the noise, and nobody waits for it. */
const negligible = 20;

/** Milliseconds below which starting counts for more than the text. */
const short = 2;

const target = 1.2;

/** Parts of the longest text that are measured. */
const parts = [9, 3, 1];

/** Rounds of which the quickest counts: of what takes long, a disturbance is a smaller part. */
const roundsOf = (part: number): number => (part === 1 ? 2 : 3);

/** What looks steep is measured so many times more: only noise goes away. */
const retries = 2;

/** How the time of everything that is done with a text grows with its length: check, format and every request of an editor. */
export async function benchTextGrowth({ server, small, kinds }: TextGrowthOptions): Promise<Table[]> {
  const rows: string[][] = [];
  for (const kind of textKinds) {
    if (kinds?.some((part) => kind.name.includes(part)) === false) continue;
    const texts = parts.map((part) => kind.text(Math.ceil(kind.most / (small ? 4 : 1) / part)));
    const lengths = texts.map(({ length }) => length);
    const times = new TextTimes();
    for (let attempt = 0; attempt <= retries; attempt++) {
      const session = await EditorSession.start(server, { score: { onType: false } }, threadClock);
      for (const [index, text] of texts.entries()) {
        const rounds = roundsOf(parts[index]!);
        measureAlone(text, times, rounds);
        await measureRequests(session, text, times, rounds);
      }
      await session.stop();
      if (fits(times, lengths).every(({ fit }) => fit <= target)) break;
    }
    const row = rowOf(kind, lengths, times);
    rows.push(row);
    // All of it takes minutes.
    process.stderr.write(`${row.join('  ')}\n`);
    for (const { name, fit } of fits(times, lengths))
      if (fit > target)
        process.stderr.write(`  ${name}: ${series(times, name, lengths)}, ${fit.toFixed(2)}\n`);
  }
  return [
    {
      title: 'How the time for a text grows with its length',
      columns: [
        { title: 'texts of', align: 'left' },
        { title: 'characters of the longest', align: 'right' },
        { title: 'check', align: 'right' },
        { title: 'format', align: 'right' },
        { title: 'slowest request', align: 'left' },
        { title: 'steepest', align: 'left' },
        { title: 'target', align: 'left' },
      ],
      rows,
      notes: [
        `Processor time of the thread that works, the least of 2 rounds (3 for shorter texts); exponents of power laws fitted to three lengths, each three times the one before. A keystroke is everything until the server is idle again: parsing, checking, linting, and telling what was found. After it come ${textRequests.length} requests, over stdio. What takes less than ${negligible} ms for the longest text is not fitted, nor is a shorter text that takes less than ${short} ms. What is steeper than the target is measured up to ${retries} times more, since a busy machine costs processor time too.`,
      ],
    },
  ];
}

interface Fit {
  readonly name: string;
  readonly fit: number;
}

/** Of everything that takes long enough, the steepest first. */
function fits(times: TextTimes, lengths: readonly number[]): Fit[] {
  return times.names
    .filter((name) => times.of(name, lengths.at(-1)!) >= negligible)
    .map((name) => {
      const measured = lengths.filter(
        (length, index) => index >= lengths.length - 2 || times.of(name, length) >= short,
      );
      return {
        name,
        fit: exponent(
          measured,
          measured.map((length) => times.of(name, length)),
        ),
      };
    })
    .sort((a, b) => b.fit - a.fit);
}

function series(times: TextTimes, name: string, lengths: readonly number[]): string {
  return lengths.map((length) => milliseconds(times.of(name, length))).join(', ');
}

function rowOf(kind: TextKind, lengths: readonly number[], times: TextTimes): string[] {
  const last = lengths.at(-1)!;
  const longest = (name: string): number => times.of(name, last);
  const requests = times.names.filter((name) => name !== 'check' && name !== 'format');
  const slowest = requests.reduce((a, b) => (longest(b) > longest(a) ? b : a));
  const [steepest] = fits(times, lengths);
  return [
    kind.name,
    formatInteger(last),
    milliseconds(longest('check')),
    milliseconds(longest('format')),
    `${slowest}, ${milliseconds(longest(slowest))}`,
    steepest === undefined ? '' : `${steepest.name}, ${steepest.fit.toFixed(2)}`,
    steepest === undefined ? '' : verdict({ text: `at most ${target}`, met: steepest.fit <= target }),
  ];
}
