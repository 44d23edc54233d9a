import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, FramingError } from '../../server/engine/process/framing.ts';

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

const message = fc.record({
  type: fc.string(),
  outputs: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.float32Array({ maxLength: 20 }),
  ),
  list: fc.array(fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string())),
});

describe('Frames', () => {
  it('give the messages back, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.array(fc.nat(60), { minLength: 1 }),
        (messages, cuts) => {
          const bytes = concatenate(messages.map(encodeFrame));
          const reader = new FrameReader();
          const got: unknown[] = [];
          for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
            const length = 1 + cuts[cut % cuts.length]!;
            got.push(...reader.push(bytes.subarray(at, at + length)));
            at += length;
          }
          expect(got).toStrictEqual(messages.map((each) => ({ ...each, outputs: { ...each.outputs } })));
        },
      ),
    );
  });

  it('end with a framing error on anything else, and with no other error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 100 }), (bytes) => {
        expect(() => new FrameReader().push(bytes)).toThrow(FramingError);
      }),
    );
  });

  it('refuse broken contents in a sound frame', () => {
    const frame = encodeFrame({ text: 'abc' });
    frame[12] = '['.charCodeAt(0);
    expect(() => new FrameReader().push(frame)).toThrow(FramingError);
  });

  it('refuse lengths no frame has', () => {
    const frame = encodeFrame({});
    new DataView(frame.buffer).setUint32(4, 0xffffffff, true);
    expect(() => new FrameReader().push(frame)).toThrow(FramingError);
  });
});
