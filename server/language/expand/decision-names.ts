import type { Span } from '../../../grammar/syntax.ts';
import { mayChooseWithValues } from '../names/choice-marks.ts';
import type { Expansion } from './expansion.ts';
import type { Frame } from './frame.ts';

/** A label for the decisions inside, if there may be any. */
export function decisionNames(expansion: Expansion, frame: Frame, span: Span, label: string): string {
  return expansion.decides && mayChooseWithValues(frame.module, span) ? frame.names.take(label) : '';
}
