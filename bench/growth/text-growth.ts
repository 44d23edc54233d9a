import { formatInteger } from '../../server/base/quantities.ts';
import { format } from '../../grammar/format/format.ts';
import { Project } from '../../server/language/project.ts';
import { chosen } from '../../server/language/check/severities.ts';
import { EditorSession } from '../editor/editor-session.ts';
import { textKinds, type TextKind } from './long-texts.ts';
import { milliseconds, verdict, type Table } from '../report.ts';
import { exponent, median } from '../statistics.ts';
import { textRequests, type Place } from './text-requests.ts';

/** Times of one thing, by size of the text. */
type Times = Map<number, number[]>;

/** What takes less than this for the longest text is not fitted: it is lost in the noise, and nobody waits for it. */
const negligible = 20;

const target = 1.2;

/** How the time of everything that is done with a text grows with its length: check, format and every request of an editor. */
export async function benchTextGrowth(server: string, repetitions: number, small: boolean): Promise<Table[]> {
  const rows: string[][] = [];
  for (const kind of textKinds) {
    const sizes = [8, 4, 2, 1].map((part) => Math.ceil(kind.most / (small ? 4 : 1) / part));
    const times = new Map<string, Times>();
    for (const size of sizes) {
      const text = kind.text(size);
      measureAlone(text, size, times, repetitions);
      await measureRequests(server, text, size, times, repetitions);
    }
    rows.push(rowOf(kind, sizes, times));
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
        `Medians for the longest text; exponents of power laws fitted to four lengths, each twice the one before. ${textRequests.length} requests each, in a server over stdio, after a keystroke. What takes less than ${negligible} ms for the longest text is not fitted.`,
      ],
    },
  ];
}

function note(times: Map<string, Times>, name: string, size: number, taken: number): void {
  const all = times.get(name) ?? new Map<number, number[]>();
  times.set(name, all);
  all.set(size, [...(all.get(size) ?? []), taken]);
}

function measureAlone(text: string, size: number, times: Map<string, Times>, repetitions: number): void {
  // The first round warms up.
  for (let round = -1; round < repetitions; round++) {
    let started = performance.now();
    const project = new Project({ read: () => text });
    const uri = 'file:///bench/growth.arch';
    chosen(project.lint(uri), project.analyse(uri), undefined);
    if (round >= 0) note(times, 'check', size, performance.now() - started);
    started = performance.now();
    format(text);
    if (round >= 0) note(times, 'format', size, performance.now() - started);
  }
}

async function measureRequests(
  server: string,
  text: string,
  size: number,
  times: Map<string, Times>,
  repetitions: number,
): Promise<void> {
  const session = await EditorSession.start(server, { score: { onType: false }, store: { sizeLimit: 0 } });
  const uri = 'file:///bench/growth.arch';
  const published = session.diagnosticsOf(uri, 1);
  await session.open(uri, text);
  await published;
  const lines = text.split('\n');
  const line = Math.floor(lines.length / 2);
  const character = lines[line]!.search(/[A-Za-z]\w*(?:\W|$)(?!.*[A-Za-z])/);
  const place: Place = {
    uri,
    position: { line, character: Math.max(0, character) },
    end: { line: lines.length - 1, character: lines.at(-1)!.length },
  };
  for (let round = -1; round < repetitions; round++) {
    await session.insert(uri, { line: lines.length - 1, character: 0 }, ' ');
    const answers = new Map<string, unknown>();
    for (const { name, method, params } of textRequests) {
      const started = performance.now();
      answers.set(name, await session.ask(method, params(place, answers)));
      if (round >= 0) note(times, name, size, performance.now() - started);
    }
  }
  await session.stop();
}

function rowOf(kind: TextKind, sizes: readonly number[], times: ReadonlyMap<string, Times>): string[] {
  const last = sizes.at(-1)!;
  const medians = (name: string) => sizes.map((size) => median(times.get(name)!.get(size)!));
  const longest = (name: string) => medians(name).at(-1)!;
  const names = [...times.keys()];
  const requests = names.filter((name) => name !== 'check' && name !== 'format');
  const slowest = requests.reduce((a, b) => (longest(b) > longest(a) ? b : a));
  const fitted = names
    .filter((name) => longest(name) >= negligible)
    .map((name) => ({ name, fit: exponent(sizes, medians(name)) }));
  const steepest = fitted.reduce<(typeof fitted)[number] | undefined>(
    (a, b) => (a === undefined || b.fit > a.fit ? b : a),
    undefined,
  );
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
