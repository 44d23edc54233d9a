import { closeSync, fsyncSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { decodeUtf8 } from '../base/decode.ts';
import { FileError, fileError } from '../base/file-error.ts';
import { readBytes } from '../base/read-file.ts';
import { requireWritable, writeWhole } from '../base/write-file.ts';
import { proxyVersion } from '../proxies/proxy-kind.ts';
import { scoreVersion } from '../score/key.ts';

/** Values of one network, by proxy, and why some are missing. */
export interface JournalEntry {
  /** Hash of the network. */
  readonly network: string;
  readonly values: Readonly<Record<string, number>>;
  /** By proxy, why it has no value, and never will. */
  readonly failed: Readonly<Record<string, string>>;
  /** What computed: name, and in brackets version and device. */
  readonly engine?: string | undefined;
}

const kind = 'archlens evaluation journal';
const format = `${kind} 2`;
/** Versions of scores and proxies: those of other versions may have other values. */
const versions = `scores ${scoreVersion}, proxies ${proxyVersion}`;

/** Bytes of a journal that are read: all networks of a benchmark take a tenth of it. */
const mostBytes = 256 * 2 ** 20;

const anyHeaderSchema = v.object({ format: v.pipe(v.string(), v.startsWith(kind)) });
const headerSchema = v.object({ format: v.literal(format), versions: v.string(), settings: v.string() });
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
 * before the next network starts; a last line that was torn is cut off, another broken line is passed over and stays.
 */
export class Journal {
  readonly #path: string;
  readonly #file: number;
  readonly #entries = new Map<string, JournalEntry>();
  /** Engines of the lines that were there. */
  readonly #before = new Set<string>();
  /** Engines that have computed since. */
  readonly #now = new Set<string>();
  /** Lines that could not be read. */
  readonly broken: number;
  /** Bytes of the lines that are whole. */
  #length: number;

  /**
   * Opens a journal, or starts one.
   *
   * @param settings all that the values depend on besides the network and what computes; a journal of other settings, or
   *   of another version of scores and proxies, is refused and left as it is
   * @throws JournalError, and FileError where it cannot be read or written
   */
  constructor(path: string, settings: string) {
    this.#path = path;
    const { lines, length } = wholeLines(path);
    const [first, ...rest] = lines;
    if (lines.length > 0) requireSame(path, first, settings);
    requireWritable(path);
    let broken = 0;
    for (const line of rest) {
      const entry = read(entrySchema, line);
      if (entry === undefined) {
        broken += 1;
        continue;
      }
      this.#merge(entry);
      if (entry.engine !== undefined) this.#before.add(entry.engine);
    }
    this.broken = broken;
    const header = `${JSON.stringify({ format, versions, settings })}\n`;
    const isNew = lines.length === 0;
    if (isNew) writeWhole(path, header);
    this.#length = isNew ? Buffer.byteLength(header) : length;
    try {
      this.#cut();
      this.#file = openSync(path, 'a');
    } catch (error) {
      throw fileError(path, 'written', error);
    }
  }

  /** Networks there is something known of. */
  get size(): number {
    return this.#entries.size;
  }

  get(network: string): JournalEntry | undefined {
    return this.#entries.get(network);
  }

  /**
   * Adds what is new of a network.
   *
   * @throws JournalError where another engine than before computed it, and FileError where it cannot be written; the lines
   *   before it stay whole
   */
  add(entry: JournalEntry): void {
    if (entry.engine !== undefined) this.#requireKnown(entry.engine);
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

  /**
   * A run goes on with the engine of the lines before it: engines round differently. Where it has begun with that, another may
   * take over, as within one run, but not another version of one of them.
   */
  #requireKnown(engine: string): void {
    const named = [...this.#before].find((known) => nameOf(known) === nameOf(engine));
    const goesOn = this.#now.size > 0 && named === undefined;
    if (this.#before.size > 0 && !this.#before.has(engine) && !goesOn)
      throw new JournalError(
        `${this.#path} has values of ${[...this.#before].join(' and ')}; now ${engine} computes, and the two would be mixed. ` +
          `Choose the engine of then with --engine, or name another journal. This one is left as it is.`,
      );
    this.#now.add(engine);
  }

  #append(value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    try {
      writeFileSync(this.#file, line);
      fsyncSync(this.#file);
    } catch (error) {
      // A full disk takes a part of it.
      this.#cut();
      throw fileError(this.#path, 'written', error);
    }
    this.#length += Buffer.byteLength(line);
  }

  /** Cuts off what is no whole line: by its name, as Windows cuts no file that is open for appending. */
  #cut(): void {
    truncateSync(this.#path, this.#length);
  }
}

/**
 * The lines that end, and how many bytes they take; none where there is no file yet. Each is read on its own: a byte that is
 * not UTF-8 makes one line unreadable (undefined), and moves no other.
 */
function wholeLines(path: string): {
  readonly lines: readonly (string | undefined)[];
  readonly length: number;
} {
  const bytes = bytesOf(path);
  const lines: (string | undefined)[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    lines.push(textOf(bytes.subarray(start, end), path));
    start = end + 1;
  }
  if (lines.length === 0 && !`{"format":"${format}`.startsWith(bytes.toString('latin1', 0, 12)))
    throw notAJournal(path);
  return { lines, length: start };
}

function bytesOf(path: string): Buffer {
  try {
    return readBytes(path, mostBytes);
  } catch (error) {
    if (error instanceof FileError && error.kind === 'missing') return Buffer.alloc(0);
    throw error;
  }
}

function textOf(line: Buffer, path: string): string | undefined {
  try {
    return decodeUtf8(line, path);
  } catch {
    return undefined;
  }
}

function requireSame(path: string, line: string | undefined, settings: string): void {
  if (read(anyHeaderSchema, line) === undefined) throw notAJournal(path);
  const header = read(headerSchema, line);
  if (header?.versions !== versions)
    throw new JournalError(
      `${path} was made by another version of archlens${header === undefined ? '' : ` (${header.versions}; now ${versions})`}, ` +
        'whose values may differ from those of this one. Name another journal, or go on with that version. This one is left as it is.',
    );
  if (header.settings !== settings)
    throw new JournalError(
      `${path} was made with other settings: ${header.settings}; now: ${settings}. ` +
        'Use the same options as then, or name another journal.',
    );
}

/** `onnx-cpu` of `onnx-cpu (onnxruntime-node 1.30.0, CPU)` */
function nameOf(engine: string): string {
  return engine.split(' ', 1)[0]!;
}

function notAJournal(path: string): JournalError {
  return new JournalError(`${path} is not a journal of archlens. Name a file that does not exist yet.`);
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  line: string | undefined,
): v.InferOutput<Schema> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(line ?? ''));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
