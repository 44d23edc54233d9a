import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { EditorSession } from './editor-session.ts';
import { genotypes } from '../networks.ts';
import { measurementTable, milliseconds, type Measurement, type Table } from '../report.ts';
import { summarise } from '../statistics.ts';

const noStore = { store: { sizeLimit: 0 } };

/** What is needed to measure the editor: the bundled server and an example, or what is missing. */
export interface EditorFiles {
  readonly server: string;
  readonly example: string;
}

export function editorFiles(root: string): EditorFiles | { readonly missing: string } {
  const server = join(root, 'dist/server.cjs');
  const example = join(root, 'examples/resnet20.arch');
  const missing = [server, example].find((path) => !existsSync(path));
  return missing === undefined ? { server, example } : { missing };
}

/** Latencies of the language server over stdio, as an editor sees them. */
export async function benchEditor(files: EditorFiles, repetitions: number): Promise<Table[]> {
  const { heaviest, resnet20 } = typingTexts(files);
  return [
    measurementTable('The language server over stdio, scores not stored', [
      latency(
        'first score, from the start of the process, resnet20',
        await firstScores(files, repetitions),
        2500,
      ),
      latency(
        'keystroke to fresh score, heaviest NAS-Bench-201 network',
        await keystrokes(files, heaviest, 4 * repetitions),
        700,
      ),
      latency('keystroke to fresh score, resnet20', await keystrokes(files, resnet20, 4 * repetitions), 500),
      latency('diagnostics of a 1,000-line file', await diagnostics(files, 8 * repetitions), 100),
      latency('hover while the engine is busy', await hovers(files, 8 * repetitions), 50),
    ]),
  ];
}

/** A text, and where a digit that is typed makes it another network. */
export interface TypingText {
  readonly text: string;
  readonly line: number;
  readonly character: number;
}

export function typingTexts({ example }: EditorFiles): {
  readonly heaviest: TypingText;
  readonly resnet20: TypingText;
} {
  // A batch norm on the input, which costs next to nothing, and whose eps is typed.
  const typed = '  bn(eps = 0.00001)';
  const place = (text: string): TypingText => {
    const lines = text.split('\n');
    const line = lines.indexOf(typed);
    return { text, line, character: typed.length - 1 };
  };
  const resnet = readFileSync(example, 'utf8').replace(/^ {2}classes 10$/m, `$&\n${typed}`);
  return {
    resnet20: place(resnet),
    heaviest: place(
      `import { Nb201Skeleton } from "./blocks.arch"\ncell Heaviest = "${genotypes.heaviest}"\n` +
        `model M {\n  input 32x32x3\n  classes 10\n${typed}\n  Nb201Skeleton(Heaviest)\n}\n`,
    ),
  };
}

/** One more digit every round, before the others, so that it counts: from the keystroke to a score of the text as it then is, the wait for rest included. */
async function keystrokes(
  { server, example }: EditorFiles,
  { text, line, character }: TypingText,
  repetitions: number,
): Promise<number[]> {
  const session = await EditorSession.start(server, noStore);
  const uri = pathToFileURL(join(example, '../typing.arch')).href;
  const scored = session.scoreOf(uri);
  await session.open(uri, text);
  await scored;
  const times: number[] = [];
  for (let round = 0; round < repetitions; round++) {
    const fresh = session.freshScoreOf(uri);
    const started = performance.now();
    await session.insert(uri, { line, character }, String((round % 9) + 1));
    await fresh;
    times.push(performance.now() - started);
  }
  await session.stop();
  return times;
}

/** From the start of the server's process, which is at once given the file, to the first score. */
async function firstScores({ server, example }: EditorFiles, repetitions: number): Promise<number[]> {
  const text = readFileSync(example, 'utf8');
  const uri = pathToFileURL(example).href;
  const times: number[] = [];
  for (let round = 0; round < repetitions; round++) {
    const started = performance.now();
    const session = await EditorSession.start(server, noStore);
    const scored = session.scoreOf(uri);
    await session.open(uri, text);
    await scored;
    times.push(performance.now() - started);
    await session.stop();
  }
  return times;
}

/** A declaration is typed, one more every round: from its last keystroke to the diagnostics of that text. */
async function diagnostics({ server, example }: EditorFiles, repetitions: number): Promise<number[]> {
  const session = await EditorSession.start(server, { score: { onType: false } });
  const uri = pathToFileURL(join(example, '../thousand-lines.arch')).href;
  const text = longFile(readFileSync(example, 'utf8'), 1000);
  const opened = session.diagnosticsOf(uri, 1);
  await session.open(uri, text);
  await opened;
  const times: number[] = [];
  for (let round = 0; round < repetitions; round++) {
    for (const [character, key] of Array.from(`let w${round} = 3`).entries()) {
      await session.insert(uri, { line: 0, character }, key);
      await setTimeout(40);
    }
    const started = performance.now();
    const version = await session.insert(uri, { line: 0, character: `let w${round} = 3`.length }, '\n');
    await session.diagnosticsOf(uri, version);
    times.push(performance.now() - started);
  }
  await session.stop();
  return times;
}

/** Hovers over every op in turn while an exact score of the open model keeps the engine busy. */
async function hovers({ server, example }: EditorFiles, repetitions: number): Promise<number[]> {
  const session = await EditorSession.start(server, {
    ...noStore,
    score: { estimator: 'exact', seeds: 100, costLimit: 1e9 },
  });
  const text = readFileSync(example, 'utf8');
  const uri = pathToFileURL(example).href;
  const scored = session.scoreOf(uri);
  await session.open(uri, text);
  await scored;
  const places = opPlaces(text);
  const times: number[] = [];
  for (let round = 0; round < repetitions; round++) {
    await setTimeout(25);
    if (session.engine.state !== 'busy') {
      round--;
      continue;
    }
    const started = performance.now();
    await session.hover(uri, places[round % places.length]!);
    times.push(performance.now() - started);
  }
  await session.stop();
  return times;
}

/** The example's declarations again and again under other names, cut nowhere: at least so many lines. */
export function longFile(example: string, lines: number): string {
  const copies: string[] = [];
  for (let copy = 0, length = 0; length < lines; copy++) {
    const text = example.replaceAll(/\b(BasicBlock|ResNet20)\b/g, `$1Copy${copy}`);
    copies.push(text);
    length += text.split('\n').length;
  }
  return copies.join('\n');
}

function opPlaces(text: string): { line: number; character: number }[] {
  return text.split('\n').flatMap((content, line) =>
    Array.from(content.matchAll(/\b(?:conv|bn|relu|gap|dense)\b/g), ({ index }) => ({
      line,
      character: index,
    })),
  );
}

export function latency(what: string, values: readonly number[], limit: number): Measurement {
  const { median, p95, min, max, count } = summarise(values);
  return {
    what,
    median: milliseconds(median),
    p95: milliseconds(p95),
    range: `${milliseconds(min)} … ${milliseconds(max)}`,
    repetitions: count,
    target: { text: `within ${milliseconds(limit)}`, met: p95 <= limit },
  };
}
