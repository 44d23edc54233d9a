import type { DocumentLink } from 'vscode-languageserver/node';
import type { StringLiteral } from '../../../../grammar/syntax.ts';
import { around } from '../../../language/cursor/lookup.ts';
import { libraryPath } from '../../../language/library.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened } from '../../session.ts';

/** The path of every import that leads somewhere, without its quotes. */
export function documentLinks({ document, analysis }: Opened): DocumentLink[] {
  return analysis.parse.file.items
    .flatMap((item) => (item.kind === 'import' && item.path.kind === 'string' ? [item.path] : []))
    .flatMap((path: StringLiteral) => {
      const target = around(analysis.references, path.span.start)?.target;
      if (target === undefined) return [];
      const { start, end } = path.span;
      return [
        {
          range: rangeOf(document, { start: start + 1, end: end - 1 }),
          target: target.uri,
          tooltip: libraryPath(target.uri) === undefined ? 'Open file' : 'Show what comes with Archlens',
        },
      ];
    });
}
