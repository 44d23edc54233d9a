import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import * as v from 'valibot';

/** What is known of one network. */
export interface JournalEntry {
  /** Hash of the network. */
  readonly network: string;
  readonly values: Readonly<Record<string, number>>;
  /** By proxy, why it has no value, and never will. */
  readonly failed: Readonly<Record<string, string>>;
  readonly engine?: string | undefined;
}

const format = 'archlens evaluation journal 1';

const headerSchema = v.object({ format: v.literal(format), settings: v.string() });
const entrySchema = v.object({
  network: v.string(),
  values: v.record(v.string(), v.pipe(v.number(), v.finite())),
  failed: v.record(v.string(), v.string()),
  engine: v.optional(v.string()),
});

/** A journal that cannot be used, with the remedy. */
export class JournalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JournalError';
  }
}

/**
 * A file that an evaluation adds a line to for every network, and goes on from after it was killed. A line is on the disk
 * before the next network starts; a last line that was torn is cut off, another broken line is passed over.
 */
export class Journal {
  readonly #file: number;
  readonly #entries = new Map<string, JournalEntry>();
  /** Lines that could not be read. */
  readonly broken: number;

  /**
   * Opens a journal, or starts one.
   *
   * @param settings all that the values depend on besides the network; a journal of other settings is refused
   * @throws JournalError
   */
  constructor(path: string, settings: string) {
    const lines = wholeLines(path);
    const [first, ...rest] = lines;
    if (first !== undefined) requireSame(path, first, settings);
    let broken = 0;
    for (const line of rest) {
      const entry = read(entrySchema, line);
      if (entry === undefined) broken += 1;
      else this.#merge(entry);
    }
    this.broken = broken;
    try {
      this.#file = openSync(path, 'a');
      ftruncateSync(this.#file, Buffer.byteLength(lines.map((line) => `${line}\n`).join('')));
    } catch (error) {
      throw new JournalError(`${path} cannot be written: ${reason(error)}.`);
    }
    if (first === undefined) this.#append({ format, settings });
  }

  /** Networks there is something known of. */
  get size(): number {
    return this.#entries.size;
  }

  get(network: string): JournalEntry | undefined {
    return this.#entries.get(network);
  }

  /** Adds what is new of a network. */
  add(entry: JournalEntry): void {
    this.#merge(entry);
    this.#append(entry);
  }

  close(): void {
    closeSync(this.#file);
  }

  #merge(entry: JournalEntry): void {
    const known = this.#entries.get(entry.network);
    this.#entries.set(entry.network, {
      ...entry,
      values: { ...known?.values, ...entry.values },
      failed: { ...known?.failed, ...entry.failed },
    });
  }

  #append(value: object): void {
    writeSync(this.#file, `${JSON.stringify(value)}\n`);
    fsyncSync(this.#file);
  }
}

/** The lines that end; none where there is no file yet. */
function wholeLines(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new JournalError(`${path} cannot be read: ${reason(error)}.`);
  }
  const lines = text.split('\n').slice(0, -1);
  if (lines.length === 0 && text !== '' && !`{"format":"${format}`.startsWith(text.slice(0, 12)))
    throw notAJournal(path);
  return lines;
}

function requireSame(path: string, line: string, settings: string): void {
  const header = read(headerSchema, line);
  if (header === undefined) throw notAJournal(path);
  if (header.settings !== settings)
    throw new JournalError(
      `${path} was made with other settings: ${header.settings}; now: ${settings}. ` +
        'Use the same options as then, or name another journal.',
    );
}

function notAJournal(path: string): JournalError {
  return new JournalError(`${path} is not a journal of archlens. Name a file that does not exist yet.`);
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  line: string,
): v.InferOutput<Schema> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
