/** What a watchdog's two threads share: some numbers, then the name of what is worked on, and its digest, as text. */
export interface Watched {
  readonly memory: SharedArrayBuffer;
  /** Milliseconds without a sign of life. */
  readonly limit: number;
  readonly exitCode: number;
  /** A file that gets the digest of what did not end, as a line. */
  readonly journal?: string | undefined;
}

/** Places of the numbers. */
export const field = {
  /** Changes whenever the main thread is heard of. */
  beat: 0,
  /** Whether a sign of life is expected: 1, or 0. */
  busy: 1,
  /** Bytes of the name and of the digest. */
  nameLength: 2,
  digestLength: 3,
  count: 4,
} as const;

const textStart = 4 * field.count;
const mostBytes = 2048;

export interface Subject {
  readonly name: string;
  readonly digest: string;
}

export function newMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(textStart + 2 * mostBytes);
}

export function writeSubject(memory: SharedArrayBuffer, { name, digest }: Subject): void {
  const state = new Int32Array(memory, 0, field.count);
  Atomics.store(state, field.nameLength, write(memory, 0, name));
  Atomics.store(state, field.digestLength, write(memory, 1, digest));
}

export function readSubject(memory: SharedArrayBuffer): Subject {
  const state = new Int32Array(memory, 0, field.count);
  return {
    name: read(memory, 0, Atomics.load(state, field.nameLength)),
    digest: read(memory, 1, Atomics.load(state, field.digestLength)),
  };
}

function write(memory: SharedArrayBuffer, slot: number, text: string): number {
  const bytes = new TextEncoder().encode(text).subarray(0, mostBytes);
  new Uint8Array(memory, textStart + slot * mostBytes, mostBytes).set(bytes);
  return bytes.length;
}

function read(memory: SharedArrayBuffer, slot: number, length: number): string {
  // A decoder takes no shared memory.
  return new TextDecoder().decode(new Uint8Array(memory, textStart + slot * mostBytes, length).slice());
}
