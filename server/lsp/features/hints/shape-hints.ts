import { InlayHintKind } from 'vscode-languageserver/node';
import type { InlayHint, Range } from 'vscode-languageserver/node';
import type { Span } from '../../../../grammar/syntax.ts';
import type { FileAnalysis, StatementShapes } from '../../../language/analysis.ts';
import { lastBefore } from '../../../language/cursor/lookup.ts';
import type { Location } from '../../../network/network.ts';
import { formatShape, type Shape } from '../../../network/shape.ts';
import type { Opened, Session } from '../../session.ts';
import { declaredAt, lspLocation } from '../../uses.ts';
import { isOfAMember, ofAMember, ofAMemberText } from './of-a-member.ts';

/** Distinct shapes up to this many are listed, of more the first and the last. */
const listed = 2;

/** The shape of the tensor after every statement in a range; it leads to the block that gives it. */
export function shapeHints(session: Session, { document, analysis }: Opened, range: Range): InlayHint[] {
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  return (
    analysis.shapes
      .filter(({ span, shapes }) => shapes.length > 0 && start <= span.end && span.end <= end)
      // A shape that is written there need not be shown.
      .filter(({ span }) => !/^[ \t]*:/.test(analysis.text.slice(span.end, span.end + 200)))
      .map((statement) => {
        const { span } = statement;
        const block = lastBlock(session, analysis, span);
        const isOne = isOfAMember(analysis, span);
        const label = {
          value: `${isOne ? ofAMember : ''}${shapesText(statement)}`,
          tooltip: `${isOne ? `${ofAMemberText} ` : ''}${tooltip(statement)}`,
        };
        return {
          position: document.positionAt(span.end),
          label: [block === undefined ? label : { ...label, location: lspLocation(session, block) }],
          kind: InlayHintKind.Type,
          paddingLeft: true,
        };
      })
  );
}

/** The declaration of the block or cell that a statement ends with. */
function lastBlock(session: Session, { references, text }: FileAnalysis, flow: Span): Location | undefined {
  const arrow = flow.start + text.slice(flow.start, flow.end).lastIndexOf('->');
  for (let index = lastBefore(references, flow.end); index >= 0; index--) {
    const { span, target } = references[index]!;
    if (span.start < flow.start || span.end <= arrow) return undefined;
    const kind = declaredAt(session, target)?.kind;
    if (kind === 'block' || kind === 'cell') return target;
  }
  return undefined;
}

/** `32x32x16`, `32x32x16, 16x16x32`, `32x32x16 … 8x8x64` */
export function shapesText({ shapes }: Pick<StatementShapes, 'shapes'>): string {
  const texts = shapes.map(together);
  return texts.length <= listed ? texts.join(', ') : `${texts[0]!} … ${texts.at(-1)!}`;
}

/** `32x32x16`, `[32x32x16, 16x16x32]` */
function together(shapes: readonly Shape[]): string {
  const texts = shapes.map((shape) => formatShape(shape));
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}

function tooltip({ shapes }: StatementShapes): string {
  const [first] = shapes;
  if (shapes.length > 1) return `Shapes here, one per call or iteration: ${shapes.map(together).join(', ')}`;
  const [shape, ...others] = first ?? [];
  if (others.length > 0) return 'Shapes of the tensors after this statement, in their order';
  const meaning =
    shape?.length === 3 ? 'height × width × channels' : shape?.length === 2 ? 'tokens × width' : 'features';
  return `Shape of the tensor after this statement: ${meaning}`;
}
