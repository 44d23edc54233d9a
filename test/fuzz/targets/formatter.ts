import { format, formatChanges } from '../../../grammar/format/format.ts';
import { readAlike } from '../../../grammar/format/reading.ts';
import { parse } from '../../../grammar/parser.ts';
import { anyFiles, type NamedText } from '../input/texts.ts';
import { ensure, ensureSame, target } from '../target.ts';
import { networksOf } from './networks.ts';
import { projectOf, uriOf } from './project.ts';

interface Input {
  readonly files: readonly NamedText[];
}

/** Formatting changes white space alone, is done at once, and keeps every network, tensor by tensor. */
export const formatter = target<Input>({
  name: 'formatter',
  generate: (random) => ({ files: anyFiles(random) }),
  check({ files }) {
    const [main, ...others] = files;
    if (main === undefined) return;
    const { name, text } = main;
    let end = 0;
    for (const { span, text: replacement } of formatChanges(text, parse(text))) {
      ensure(span.start >= end && span.end <= text.length, 'Changes of the formatter overlap.');
      ensure(
        /^[\s\ufeff]*$/.test(text.slice(span.start, span.end) + replacement),
        'The formatter changes more than white space.',
        () => [text.slice(span.start, span.end), replacement],
      );
      end = span.end;
    }
    const formatted = format(text);
    const again = format(formatted);
    ensure(again === formatted, 'Formatting twice differs from formatting once.', () => [formatted, again]);
    ensureSame(words(formatted), words(text), 'Formatting changes tokens or comments, or makes a mistake.');
    ensure(readAlike(parse(formatted), parse(text)), 'Formatting changes what is read.', () => formatted);
    ensureSame(
      networksOf(projectOf([{ name, text: formatted }, ...others]), uriOf(name)),
      networksOf(projectOf(files), uriOf(name)),
      'Formatting changes a network.',
    );
  },
});

function words(text: string): unknown {
  const { tokens, comments, problems } = parse(text);
  const of = (parts: typeof tokens | typeof comments): string[] =>
    parts.map(({ span }) => text.slice(span.start, span.end).trimEnd());
  return { tokens: of(tokens), comments: of(comments), isSound: problems.length === 0 };
}
