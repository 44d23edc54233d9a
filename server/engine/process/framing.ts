/**
 * Messages on a byte stream. A frame is the magic, two lengths (little-endian, 32 bits), the message as JSON, and the
 * bytes of the arrays in it, which the JSON refers to as `{"$float32": [offset, length]}`. Node's own fork channel is not
 * used because a stray byte on it is an uncaught exception in the parent, and its typed-array mode needs the same V8 on
 * both sides.
 */
const magic = 0x314e4541; // "AEN1"
const headerBytes = 12;
/** Most bytes of a part of a frame; a longer one can only be garbage. */
const maxPartBytes = 1 << 30;

export class FramingError extends Error {}

export function encodeFrame(message: unknown): Uint8Array {
  const arrays: Float32Array[] = [];
  let offset = 0;
  const refer = (_key: string, value: unknown): unknown => {
    if (!(value instanceof Float32Array)) return value;
    arrays.push(value);
    offset += value.byteLength;
    return { $float32: [offset - value.byteLength, value.length] };
  };
  // A replacer would be called for every value of a program, which takes ten times as long as writing it.
  const text = holdsArrays(message) ? JSON.stringify(message, refer) : JSON.stringify(message);
  const json = new TextEncoder().encode(text);
  const frame = new Uint8Array(headerBytes + json.length + offset);
  const header = new DataView(frame.buffer);
  header.setUint32(0, magic, true);
  header.setUint32(4, json.length, true);
  header.setUint32(8, offset, true);
  frame.set(json, headerBytes);
  let position = headerBytes + json.length;
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), position);
    position += array.byteLength;
  }
  return frame;
}

function holdsArrays(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Float32Array) return true;
  if (Array.isArray(value)) return value.some(holdsArrays);
  return Object.values(value).some(holdsArrays);
}

/** Reads frames from a stream, which delivers them in pieces. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /**
   * The messages completed by `piece`.
   * @throws FramingError on anything that is not a frame; the reader is of no use afterwards
   */
  push(piece: Uint8Array): readonly unknown[] {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    const messages: unknown[] = [];
    while (this.#bytes >= headerBytes) {
      const first = this.#first(headerBytes);
      const header = new DataView(first.buffer, first.byteOffset);
      if (header.getUint32(0, true) !== magic) throw new FramingError('No frame begins here.');
      const jsonBytes = header.getUint32(4, true);
      const arrayBytes = header.getUint32(8, true);
      if (jsonBytes > maxPartBytes || arrayBytes > maxPartBytes) throw new FramingError('Frame too long.');
      const end = headerBytes + jsonBytes + arrayBytes;
      if (this.#bytes < end) break;
      const frame = this.#first(end);
      this.#pieces[0] = frame.subarray(end);
      this.#bytes -= end;
      messages.push(
        decode(frame.subarray(headerBytes, end - arrayBytes), frame.subarray(end - arrayBytes, end)),
      );
    }
    return messages;
  }

  /** Joins pieces until the first has at least `bytes`, and gives it. */
  #first(bytes: number): Uint8Array {
    if (this.#pieces[0]!.length < bytes) {
      const joined = new Uint8Array(this.#bytes);
      let position = 0;
      for (const piece of this.#pieces) {
        joined.set(piece, position);
        position += piece.length;
      }
      this.#pieces = [joined];
    }
    return this.#pieces[0]!;
  }
}

function decode(json: Uint8Array, arrays: Uint8Array): unknown {
  const text = new TextDecoder().decode(json);
  try {
    // A reviver, called for every value, takes several times as long, and most messages hold no array.
    if (!text.includes('{"$float32":')) return JSON.parse(text) as unknown;
    return JSON.parse(text, (_key, value: unknown) => {
      const reference = arrayReference(value);
      if (reference === undefined) return value;
      const [offset, length] = reference;
      // The bytes are copied, because they may not be aligned, and the frame should not stay alive for one array.
      return new Float32Array(arrays.slice(offset, offset + length * Float32Array.BYTES_PER_ELEMENT).buffer);
    });
  } catch (error) {
    throw new FramingError('A frame does not hold a message.', { cause: error });
  }
}

function arrayReference(value: unknown): readonly [number, number] | undefined {
  if (typeof value !== 'object' || value === null || !('$float32' in value)) return undefined;
  const reference = value.$float32;
  if (!Array.isArray(reference)) return undefined;
  const [offset, length] = reference as readonly unknown[];
  return typeof offset === 'number' && typeof length === 'number' ? [offset, length] : undefined;
}
