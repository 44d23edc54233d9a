import process from 'node:process';
import { formatInteger } from '../../server/base/quantities.ts';
import { textKinds, type TextKind } from './long-texts.ts';
import { milliseconds, verdict, type Table } from '../report.ts';
import { exponent } from '../statistics.ts';
import { EditorSession, threadClock } from '../editor/editor-session.ts';
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

/** Rounds of which the quickest counts. */
const rounds = 3;

/** What looks steep is measured so many times more: only noise goes away. */
const retries = 2;

/** How the time of everything that is done with a text grows with its length: check, format and every request of an editor. */
export async function benchTextGrowth({ server, small, kinds }: TextGrowthOptions): Promise<Table[]> {
  const rows: string[][] = [];
  for (const kind of textKinds) {
    if (kinds?.some((part) => kind.name.includes(part)) === false) continue;
    const sizes = [8, 4, 2, 1].map((part) => Math.ceil(kind.most / (small ? 4 : 1) / part));
    const times = new TextTimes();
    for (let attempt = 0; attempt <= retries; attempt++) {
      const session = await EditorSession.start(server, { score: { onType: false } }, threadClock);
      for (const size of sizes) {
        const text = kind.text(size);
        measureAlone(text, size, times, rounds);
        await measureRequests(session, text, size, times, rounds);
      }
      await session.stop();
      if (fits(times, sizes).every(({ fit }) => fit <= target)) break;
    }
    const row = rowOf(kind, sizes, times);
    rows.push(row);
    // All of it takes minutes.
    process.stderr.write(`${row.join('  ')}\n`);
    for (const { name, fit } of fits(times, sizes))
      if (fit > target) process.stderr.write(`  ${name}: ${series(times, name, sizes)}, ${fit.toFixed(2)}\n`);
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
        `Processor time of the thread that works, the least of ${rounds} rounds; exponents of power laws fitted to four lengths, each twice the one before. A keystroke is everything until the server is idle again: parsing, checking, linting, and telling what was found. After it come ${textRequests.length} requests, over stdio. What takes less than ${negligible} ms for the longest text is not fitted, nor is a shorter text that takes less than ${short} ms. What is steeper than the target is measured up to ${retries} times more, since a busy machine costs processor time too.`,
      ],
    },
  ];
}

interface Fit {
  readonly name: string;
  readonly fit: number;
}

/** Of everything that takes long enough, the steepest first. */
function fits(times: TextTimes, sizes: readonly number[]): Fit[] {
  return times.names
    .filter((name) => times.of(name, sizes.at(-1)!) >= negligible)
    .map((name) => {
      const measured = sizes.filter(
        (size, index) => index >= sizes.length - 2 || times.of(name, size) >= short,
      );
      return {
        name,
        fit: exponent(
          measured,
          measured.map((size) => times.of(name, size)),
        ),
      };
    })
    .sort((a, b) => b.fit - a.fit);
}

function series(times: TextTimes, name: string, sizes: readonly number[]): string {
  return sizes.map((size) => milliseconds(times.of(name, size))).join(', ');
}

function rowOf(kind: TextKind, sizes: readonly number[], times: TextTimes): string[] {
  const last = sizes.at(-1)!;
  const longest = (name: string): number => times.of(name, last);
  const requests = times.names.filter((name) => name !== 'check' && name !== 'format');
  const slowest = requests.reduce((a, b) => (longest(b) > longest(a) ? b : a));
  const [steepest] = fits(times, sizes);
  return [
    kind.name,
    formatInteger(kind.text(last).length),
    milliseconds(longest('check')),
    milliseconds(longest('format')),
    `${slowest}, ${milliseconds(longest(slowest))}`,
    steepest === undefined ? '' : `${steepest.name}, ${steepest.fit.toFixed(2)}`,
    steepest === undefined ? '' : verdict({ text: `at most ${target}`, met: steepest.fit <= target }),
  ];
}
