/** Longest body of a message that is read, in bytes: several times the largest file an editor opens. */
export const mostBodyBytes = 256 * 2 ** 20;

/** Longest header of a message, in bytes. */
export const mostHeaderBytes = 8 * 2 ** 10;

/** What stands in the stream: a message, or what is none and why. */
export type Frame =
  | { readonly kind: 'message'; readonly message: object }
  | { readonly kind: 'fault'; readonly code: 'parse' | 'invalid'; readonly reason: string };

/** The line with which a message begins. Raw line breaks are in no string of JSON, so it is in no body either. */
const beginning = /content-length: {0,8}\d{1,20} {0,8}\r?\n/i;

/** At least as long as such a line. */
const overlap = 80;

interface Body {
  readonly length: number;
  /** Why the message cannot be read, though it is known where it ends. */
  readonly fault?: string;
}

/**
 * Splits a stream of the base protocol of LSP into messages: `Content-Length: <bytes>`, other headers, an empty line, and
 * JSON in UTF-8. Nothing in the stream stops it: what is no message is a fault, and where a fault leaves it open where the
 * next message begins, reading goes on at the next `Content-Length` line. That line also ends a body that was announced too
 * long. Memory is bounded by `mostBodyBytes`.
 */
export class Framing {
  readonly #mostBytes: number;
  #pending: Buffer[] = [];
  #bytes = 0;
  /** Of the message whose header has been read. */
  #body: Body | undefined;
  /** The next message is being looked for. */
  #lost = false;
  /** The end of what has come of a body, where a beginning may have begun. */
  #tail = '';

  constructor(mostBytes = mostBodyBytes) {
    this.#mostBytes = mostBytes;
  }

  /** What is kept of the stream. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the next piece of the stream. @returns what it completes, in order */
  push(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    const early = this.#body === undefined ? undefined : this.#beginningIn(chunk, this.#bytes);
    this.#pending.push(chunk);
    this.#bytes += chunk.length;
    if (early !== undefined) frames.push(this.#tooLong(early));
    while (this.#step(frames));
    return frames;
  }

  /** Reads the next part of a message. @returns whether there may be more */
  #step(frames: Frame[]): boolean {
    if (this.#lost) return this.#search();
    if (this.#body === undefined) return this.#header(frames);
    const { length, fault } = this.#body;
    if (this.#bytes < length) return false;
    const all = this.#joined();
    this.#body = undefined;
    this.#drop(length);
    frames.push(
      fault === undefined ? read(all.subarray(0, length)) : { kind: 'fault', code: 'parse', reason: fault },
    );
    return true;
  }

  #header(frames: Frame[]): boolean {
    const all = this.#joined();
    const text = all.toString('latin1', 0, mostHeaderBytes);
    const end = /(?<=[^\r\n])\r?\n\r?\n/.exec(text);
    if (end === null) {
      if (all.length < mostHeaderBytes) return false;
      frames.push(this.#fault(1, `A header is longer than ${mostHeaderBytes} bytes.`));
      return true;
    }
    const length = end.index + end[0].length;
    const lines = text
      .slice(0, end.index)
      .split(/\r?\n/)
      .filter((line) => line !== '');
    const body = bodyOf(lines, this.#mostBytes);
    if (typeof body === 'string') {
      // Where a message was announced too short, its rest stands before the next beginning, in the same line.
      const announced = lines.some((line) => /^content-length:/i.test(line));
      frames.push(this.#fault(announced ? length : 1, body));
      return true;
    }
    this.#drop(length);
    this.#body = body;
    this.#tail = '';
    const [rest] = this.#pending;
    const early = rest === undefined ? undefined : this.#beginningIn(rest, 0);
    if (early !== undefined) frames.push(this.#tooLong(early));
    return true;
  }

  #fault(drop: number, reason: string): Frame {
    this.#drop(drop);
    this.#lost = true;
    return { kind: 'fault', code: 'parse', reason };
  }

  /** A body that the next message begins in. */
  #tooLong(offset: number): Frame {
    const { length } = this.#body!;
    this.#joined();
    this.#drop(offset);
    this.#body = undefined;
    const reason = `Content-Length is ${length}, but the next message begins after ${offset} bytes.`;
    return { kind: 'fault', code: 'parse', reason };
  }

  /** Where in the current body another message begins. @param before bytes of the body before the chunk */
  #beginningIn(chunk: Buffer, before: number): number | undefined {
    const text = this.#tail + chunk.toString('latin1');
    const offset = beginning.exec(text)?.index;
    const start = before - this.#tail.length;
    this.#tail = text.slice(-overlap);
    return offset === undefined || start + offset >= this.#body!.length ? undefined : start + offset;
  }

  #search(): boolean {
    const all = this.#joined();
    const found = beginning.exec(all.toString('latin1'))?.index;
    this.#lost = found === undefined;
    this.#drop(found ?? Math.max(0, all.length - overlap));
    return found !== undefined;
  }

  #joined(): Buffer {
    const all = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    this.#pending = [all];
    return all;
  }

  /** Of what has been joined. */
  #drop(bytes: number): void {
    const rest = this.#pending[0]!.subarray(bytes);
    this.#pending = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
  }
}

/** The body that a header announces, or what is wrong with the header. */
function bodyOf(lines: readonly string[], mostBytes: number): Body | string {
  const values = (name: string): readonly string[] =>
    lines.flatMap((line) =>
      line.toLowerCase().startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : [],
    );
  const strange = lines.find((line) => !/^[\w!#$%&'*+.^`|~-]+:/.test(line));
  if (strange !== undefined) return `\`${shortened(strange)}\` is no header.`;
  const lengths = new Set(values('content-length'));
  const [written] = lengths;
  if (written === undefined) return 'A header has no Content-Length.';
  if (lengths.size > 1)
    return `A header has different Content-Lengths: ${shortened([...lengths].join(' and '))}.`;
  if (!/^\d+$/.test(written))
    return `Content-Length is \`${shortened(written)}\`; it must be a number of bytes.`;
  const length = Number(written);
  if (length > mostBytes)
    return `Content-Length is ${shortened(written)}; messages of at most ${mostBytes} bytes are read.`;
  const charset = values('content-type')
    .map((type) => /charset *= *"?([^\s";]*)/i.exec(type)?.[1])
    .find((name) => name !== undefined && !/^utf-?8$/i.test(name));
  if (charset === undefined) return { length };
  return { length, fault: `A message is in ${shortened(charset)}; messages are written in utf-8.` };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function read(body: Buffer): Frame {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return { kind: 'fault', code: 'parse', reason: 'A message is not in UTF-8.' };
  }
  try {
    const message = JSON.parse(text) as unknown;
    if (typeof message === 'object' && message !== null && !Array.isArray(message))
      return { kind: 'message', message };
    return {
      kind: 'fault',
      code: 'invalid',
      reason: 'A message is a JSON object; batches are not known here.',
    };
  } catch (error) {
    return { kind: 'fault', code: 'parse', reason: `A message is not JSON: ${shortened(String(error))}.` };
  }
}
