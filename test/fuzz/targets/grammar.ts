import { IncrementalParser } from '../../../grammar/incremental/incremental.ts';
import { parse } from '../../../grammar/parser.ts';
import type { ParseResult } from '../../../grammar/syntax.ts';
import { anyEdits, placed, replaced, type Edit } from '../input/edits.ts';
import { anyText } from '../input/texts.ts';
import { ensureSame, target } from '../target.ts';
import { ensureSound } from './syntax.ts';

interface Input {
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** Where errors are comes in no order. */
function ordered(result: ParseResult): ParseResult {
  return { ...result, damage: result.damage.toSorted((a, b) => a.start - b.start || a.end - b.end) };
}

/** Any text has a tree and problems with places inside it, and one that is parsed again after an edit has the same. */
export const grammar = target<Input>({
  name: 'grammar',
  generate: (random) => ({ text: anyText(random), edits: random.chance(0.6) ? anyEdits(random, 30) : [] }),
  check({ text, edits }) {
    const parser = new IncrementalParser();
    ensureSound(text, parser.parse(text));
    const texts = [text];
    let cursor = 0;
    for (const edit of edits) {
      const replacement = placed(edit, texts.at(-1)!, cursor);
      cursor = replacement.start + replacement.text.length;
      texts.push(replaced(texts.at(-1)!, replacement));
    }
    const alone = new Map<string, ParseResult>();
    // Undone as well, one by one.
    for (const each of [...texts.slice(1), ...texts.slice(0, -1).toReversed()]) {
      let expected = alone.get(each);
      if (expected === undefined) {
        expected = ordered(parse(each));
        ensureSound(each, expected);
        alone.set(each, expected);
      }
      ensureSame(
        ordered(parser.parse(each)),
        expected,
        'A text parsed after an edit is not what it is alone.',
      );
    }
  },
});
