import type { Random } from '../../support/random.ts';

/** What happens to bytes on a disk; places are shares of the length, so that it fits any file. */
export interface Damage {
  readonly kind: 'flip' | 'cut' | 'remove' | 'insert' | 'repeat' | 'zero';
  /** 0 … 1 */
  readonly at: number;
  readonly length: number;
  /** What is inserted: a character is a byte. */
  readonly bytes: string;
}

export function anyDamage(random: Random): Damage {
  return {
    kind: random.pick(['flip', 'cut', 'remove', 'insert', 'repeat', 'zero']),
    at: random.share(),
    length: 1 + random.small(200),
    bytes: random.pick([
      '\n',
      '\0',
      '\xff',
      '\xc3',
      '\xed\xa0\x80',
      '\ufeff',
      '{}',
      '"',
      '1e999',
      '\r\n',
      random.times(1 + random.small(40), () => String.fromCharCode(random.below(256))).join(''),
    ]),
  };
}

export function damaged(bytes: Buffer, { kind, at, length, bytes: inserted }: Damage): Buffer {
  const start = Math.min(bytes.length, Math.floor(at * (bytes.length + 1)));
  const [before, part, after] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ];
  switch (kind) {
    case 'flip':
      return Buffer.concat([
        before,
        part.map((byte, index) => (index === 0 ? byte ^ (1 << (length % 8)) : byte)),
        after,
      ]);
    case 'cut':
      return before;
    case 'remove':
      return Buffer.concat([before, after]);
    case 'insert':
      return Buffer.concat([before, Buffer.from(inserted, 'latin1'), part, after]);
    case 'repeat':
      return Buffer.concat([before, part, part, after]);
    case 'zero':
      return Buffer.concat([before, Buffer.alloc(part.length), after]);
  }
}
