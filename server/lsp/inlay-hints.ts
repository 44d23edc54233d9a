import { InlayHintKind } from 'vscode-languageserver/node';
import type { InlayHint, Range } from 'vscode-languageserver/node';
import type { StatementShapes } from '../language/analysis.ts';
import { formatShape } from '../network/shape.ts';
import type { Opened } from './session.ts';

/** Distinct shapes up to this many are listed, of more the first and the last. */
const listed = 2;

/** The shape of the tensor after every statement in a range. */
export function shapeHints({ document, analysis }: Opened, range: Range): InlayHint[] {
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  return (
    analysis.shapes
      .filter(({ span, shapes }) => shapes.length > 0 && start <= span.end && span.end <= end)
      // A shape that is written there need not be shown.
      .filter(({ span }) => !/^[ \t]*:/.test(analysis.text.slice(span.end, span.end + 200)))
      .map((statement) => ({
        position: document.positionAt(statement.span.end),
        label: shapesText(statement),
        kind: InlayHintKind.Type,
        paddingLeft: true,
        tooltip: tooltip(statement),
      }))
  );
}

/** `32x32x16`, `32x32x16, 16x16x32`, `32x32x16 … 8x8x64` */
export function shapesText({ shapes }: Pick<StatementShapes, 'shapes'>): string {
  const texts = shapes.map((shape) => formatShape(shape));
  return texts.length <= listed ? texts.join(', ') : `${texts[0]!} … ${texts.at(-1)!}`;
}

function tooltip({ shapes }: StatementShapes): string {
  const [first] = shapes;
  if (shapes.length > 1)
    return `Shapes here, one per call or iteration: ${shapes.map((shape) => formatShape(shape)).join(', ')}`;
  const meaning =
    first?.length === 3 ? 'height × width × channels' : first?.length === 2 ? 'tokens × width' : 'features';
  return `Shape of the tensor after this statement: ${meaning}`;
}
