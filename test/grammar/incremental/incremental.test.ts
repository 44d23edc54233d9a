import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IncrementalParser } from '../../../grammar/incremental/incremental.ts';
import { parse } from '../../../grammar/parser.ts';
import type { ParseResult } from '../../../grammar/syntax.ts';
import * as T from '../../../grammar/tokens.ts';
import { SAMPLE } from '../sample.ts';
import { cases } from '../../support/property-runs.ts';

/** Where errors are comes in no order. */
function ordered(result: ParseResult): ParseResult {
  return { ...result, damage: result.damage.toSorted((a, b) => a.start - b.start || a.end - b.end) };
}

const written = [
  ...T.KEYWORDS.map((type) => type.LABEL!),
  ...'-> == && = + * ( ) [ ] { } , : ; # \' " /* */ // /// 3 3x3 3x é x conv modle'.split(' '),
  ' ', '\n', '\r\n', '\n\n', '}\n', '\n}\n', 'conv(8, 3x3) -> bn\n', '\nlet a = 3\n', '\nmodel Z {\n', '/// Text.\n', '  relu\n',
]; // prettier-ignore

interface Edit {
  /** Where, if not behind the edit before. */
  readonly jump: number | undefined;
  readonly removed: number;
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  jump: fc.option(fc.nat(), { freq: 6, nil: undefined }),
  removed: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.nat(3) },
    { weight: 1, arbitrary: fc.nat(200) },
  ),
  text: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...written) }, fc.constant('')),
});

describe('a text parsed again after an edit', () => {
  const text = [SAMPLE, SAMPLE, SAMPLE].join('\n// More.\n');

  test('is what it is when it is parsed alone, whatever is written and undone', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(), edits, (start, steps) => {
        const parser = new IncrementalParser();
        parser.parse(text);
        const texts = [text];
        let offset = start % text.length;
        for (const { jump, removed, text: inserted } of steps) {
          const before = texts.at(-1)!;
          if (jump !== undefined) offset = jump % (before.length + 1);
          texts.push(before.slice(0, offset) + inserted + before.slice(offset + removed));
          offset += inserted.length;
        }
        for (const each of [...texts.slice(1), ...texts.toReversed()])
          expect(ordered(parser.parse(each))).toEqual(ordered(parse(each)));
      }),
      cases(25),
    );
  });

  const models = Array.from(
    { length: 20 },
    (_, index) => `model M${index} {\n  input 8x8x3\n  classes 4\n  gap -> dense(4)\n}\n`,
  );

  test.each(['  relu\n', '  conv(', '  repeat 3 {\n', ')', '"', '/* text */', '}'])(
    'keeps the declarations far before %j',
    (inserted) => {
      const parser = new IncrementalParser();
      const [first] = parser.parse(models.join('\n')).file.items;
      const offset = models.slice(0, 10).join('\n').length + 1 + models[10]!.indexOf('  gap');
      const joined = models.join('\n');
      const edited = joined.slice(0, offset) + inserted + joined.slice(offset);
      const result = parser.parse(edited);
      expect(result.file.items[0]).toBe(first);
      expect(ordered(result)).toEqual(ordered(parse(edited)));
    },
  );
});
