import { InlayHintKind } from 'vscode-languageserver/node';
import type { InlayHint, InlayHintLabelPart, Range } from 'vscode-languageserver/node';
import type { ForStatement, RepeatStatement } from '../../../../grammar/syntax.ts';
import { nodesAround } from '../../../../grammar/walk.ts';
import { around } from '../../../language/cursor/lookup.ts';
import type { Opened, Session } from '../../session.ts';
import { declaredAt, lspLocation } from '../../uses.ts';
import { isOfAMember, ofAMember, ofAMemberText } from './of-a-member.ts';

/** Values up to this many are listed, of more the first two and the last. */
const listed = 5;

/** What each loop variable in a range goes through: `c: 16, 32, 64`; it leads to the list where that has a name. */
export function loopHints(session: Session, { document, analysis }: Opened, range: Range): InlayHint[] {
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  return analysis.loops
    .filter(({ span }) => start <= span.start && span.end <= end)
    .flatMap(({ span, values }) => {
      const loop = nodesAround(analysis.parse.file, span).findLast(
        (node): node is ForStatement | RepeatStatement => node.kind === 'for' || node.kind === 'repeat',
      );
      // The values of `for k in [1, 2]` can be read there.
      if (loop?.kind === 'for' && loop.pattern.length === 1 && loop.iterable.kind === 'list') return [];
      const of = isOfAMember(analysis, span) ? ofAMember : '';
      const label: InlayHintLabelPart = {
        value: `: ${of}${valuesText([...values])}`,
        tooltip: `${of === '' ? '' : `${ofAMemberText} `}Values here, over all calls and iterations: ${[...values].join(', ').slice(0, 1000)}`,
      };
      const list =
        loop?.kind === 'for' ? around(analysis.references, loop.iterable.span.start)?.target : undefined;
      const named = list !== undefined && declaredAt(session, list) !== undefined;
      return [
        {
          position: document.positionAt(span.end),
          label: [named ? { ...label, location: lspLocation(session, list) } : label],
          kind: InlayHintKind.Type,
        },
      ];
    });
}

/** `16, 32, 64`, `0, 1 … 17` */
function valuesText(values: readonly string[]): string {
  return values.length <= listed ? values.join(', ') : `${values.slice(0, 2).join(', ')} … ${values.at(-1)!}`;
}
