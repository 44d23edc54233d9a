import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { EditorSession } from './editor-session.ts';
import { latency, longFile, type EditorFiles } from './editor.ts';
import { measurementTable, type Table } from '../report.ts';

/** What is typed, character by character, each followed by a request for completion. */
const typed = '  conv(channels, 3x3, stride = 2) -> bn -> relu';

/** Milliseconds between keystrokes, those of a fast typist. */
const pause = 60;

/** Completion after every keystroke, hovers in between, and formatting, in a 2,000-line file whose models are being scored. */
export async function benchLanguage({ server, example }: EditorFiles, repetitions: number): Promise<Table[]> {
  const session = await EditorSession.start(server, {
    score: { estimator: 'exact', seeds: 100, costLimit: 1e9 },
    store: { sizeLimit: 0 },
  });
  const text = longFile(readFileSync(example, 'utf8'), 2000);
  const uri = pathToFileURL(join(example, '../two-thousand-lines.arch')).href;
  const scored = session.scoreOf(uri);
  await session.open(uri, text);
  await scored;
  const lines = text.split('\n');
  const classes = lines.flatMap((line, index) => (line.trim().startsWith('classes ') ? [index] : []));
  const completions: number[] = [];
  const hovers: number[] = [];
  const formats: number[] = [];
  // The same text without any alignment or indentation: every line of it changes.
  const untidy = pathToFileURL(join(example, '../two-thousand-untidy-lines.arch')).href;
  await session.open(untidy, text.replaceAll(/^ +| {2,}/gm, ' '));
  for (let round = 0; round < repetitions; round++) {
    // Another model every round; what was typed into the one before is gone.
    const line = classes[(round * 7) % classes.length]! + 1;
    await session.insert(uri, { line, character: 0 }, '\n');
    for (const [character, key] of Array.from(typed).entries()) {
      await session.insert(uri, { line, character }, key);
      let started = performance.now();
      await session.completion(uri, { line, character: character + 1 });
      if (session.engine.state === 'busy') completions.push(performance.now() - started);
      await setTimeout(pause / 2);
      started = performance.now();
      await session.hover(uri, { line, character: Math.min(character, 4) });
      if (session.engine.state === 'busy') hovers.push(performance.now() - started);
      await setTimeout(pause / 2);
    }
    await session.eraseLine(uri, line);
    for (let again = 0; again < 5; again++) {
      const started = performance.now();
      const edits = await session.format(untidy);
      if (edits > 0 && session.engine.state === 'busy') formats.push(performance.now() - started);
      await setTimeout(pause);
    }
  }
  await session.stop();
  return [
    measurementTable('In a file of 2,000 lines, while the engine is busy', [
      latency('completion after a keystroke', completions, 50),
      latency('hover', hovers, 50),
      latency('formatting all of it', formats, 200),
    ]),
  ];
}
