import { setTimeout } from 'node:timers/promises';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/parser.ts';
import { chosen } from '../../server/language/check/severities.ts';
import { Project } from '../../server/language/project.ts';
import type { EditorSession } from '../editor/editor-session.ts';
import { threadTime } from '../thread-time.ts';
import { textRequests, type Place } from './text-requests.ts';

/** What something takes, by what was done and length of the text: the least of all rounds. */
export class TextTimes {
  readonly #least = new Map<string, Map<number, number>>();

  note(name: string, length: number, taken: number): void {
    const byLength = this.#least.get(name) ?? new Map<number, number>();
    this.#least.set(name, byLength);
    byLength.set(length, Math.min(taken, byLength.get(length) ?? Infinity));
  }

  get names(): readonly string[] {
    return [...this.#least.keys()];
  }

  of(name: string, length: number): number {
    return this.#least.get(name)!.get(length)!;
  }
}

const uri = 'file:///bench/growth.arch';

/** Checks and formats in this process; milliseconds of processor time of this thread. */
export function measureAlone(text: string, times: TextTimes, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    times.note(
      'check',
      text.length,
      timeOf(() => check(text)),
    );
    times.note(
      'format',
      text.length,
      timeOf(() => format(text)),
    );
  }
}

/** All that `check` does with a text. */
function check(text: string): number {
  // Of files it imports there is none: were each the text itself, imports would be followed from every one into every other.
  const project = new Project({ read: (asked) => (asked === uri ? text : undefined) });
  return chosen(project.lint(uri), project.analyse(uri), undefined).length;
}

function timeOf(run: () => unknown): number {
  const before = threadTime();
  run();
  return threadTime() - before;
}

/** Asks a server everything about a text, each time after a keystroke in its middle; in units of the meter of the session. */
export async function measureRequests(
  session: EditorSession,
  text: string,
  times: TextTimes,
  rounds: number,
): Promise<void> {
  await session.open(uri, text);
  const place = placeIn(text);
  let before = await idle(session);
  for (let round = 0; round < rounds; round++) {
    await session.insert(uri, place.position, ' ');
    // Afterwards nothing that the server does on its own can be taken for a part of an answer.
    const note = (name: string, now: number): void => {
      times.note(name, text.length, now - before);
      before = now;
    };
    note('a keystroke', await idle(session));
    const answers = new Map<string, unknown>();
    for (const { name, method, params } of textRequests) {
      answers.set(name, await session.ask(method, params(place, answers)));
      note(name, await session.reading());
    }
  }
  await session.close(uri);
}

/** Asks the same, once, and waits until all is done. */
export async function askEverything(session: EditorSession, text: string): Promise<void> {
  const checked = session.diagnosticsOf(uri, 1);
  await session.open(uri, text);
  await checked;
  const place = placeIn(text);
  await session.insert(uri, place.position, ' ');
  const answers = new Map<string, unknown>();
  for (const { name, method, params } of textRequests)
    answers.set(name, await session.ask(method, params(place, answers)));
  await idle(session);
  await session.close(uri);
}

/** Milliseconds, longer than the server waits for the next keystroke before it looks for what is not urgent. */
const rest = 250;

/** What it takes to answer a few times what the meter shows. */
const asking = 5;

/** Waits until the server does nothing any more. @returns what the meter shows then */
export async function idle(session: EditorSession): Promise<number> {
  let before = await session.reading();
  for (;;) {
    await setTimeout(rest);
    const now = await session.reading();
    if (now - before < asking) return now;
    before = now;
  }
}

/** The first name behind the middle of a text that is used and not declared there; else some other name. */
function placeIn(text: string): Place {
  const { tokens } = parse(text);
  const names = tokens.filter(({ kind }) => kind === 'name');
  const used = tokens.filter(({ kind }, index) => kind === 'name' && tokens[index - 1]?.kind !== 'keyword');
  const name = used.find(({ span }) => span.start >= text.length / 2) ?? used.at(-1) ?? names.at(-1);
  const before = text.slice(0, name?.span.start ?? 0).split('\n');
  const lines = text.split('\n');
  return {
    uri,
    position: { line: before.length - 1, character: before.at(-1)!.length },
    end: { line: lines.length - 1, character: lines.at(-1)!.length },
    model: /^(?:model|space) (\w+)/m.exec(text)?.[1] ?? 'M',
  };
}
