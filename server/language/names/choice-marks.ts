import { countWhere } from '../../base/bisect.ts';
import type { Span } from '../../../grammar/syntax.ts';
import type { Module } from './meaning.ts';

/** Whether something in the span may meet a `choice`: calls `choice`, or mentions a block or cell that does. */
export function mayChoose(module: Module, span: Span): boolean {
  return hasMark(module.choiceMarks, span);
}

/** The same, if ops that are values may have choices. */
export function mayChooseWithValues(module: Module, span: Span): boolean {
  return hasMark(module.choiceMarks, span) || hasMark(module.valueMarks, span);
}

function hasMark(marks: readonly number[], span: Span): boolean {
  const mark = marks[countWhere(marks, (each) => each < span.start)];
  return mark !== undefined && mark < span.end;
}
