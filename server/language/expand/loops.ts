import { formatInteger } from '../../base/quantities.ts';
import type { Expr, ForStatement } from '../../../grammar/syntax.ts';
import { shapeFromDims, type Shape } from '../../network/shape.ts';
import type { Report } from '../check/diagnostics.ts';
import { describeValue } from '../values/values.ts';
import type { Value } from '../names/meaning.ts';

/** How often a `repeat` runs; `undefined` after an error or when unknown. */
export function repetitions(value: Value, expr: Expr, report: Report): number | undefined {
  if (value.kind === 'unknown') return undefined;
  if (value.kind === 'number' && Number.isSafeInteger(value.value) && value.value >= 0) return value.value;
  const fraction = value.kind === 'number' && !Number.isInteger(value.value);
  report({
    code: value.kind === 'number' ? 'repeat-count' : 'type-mismatch',
    message: `\`repeat\` needs a whole number of times, 0 or more, not ${describeValue(value)}${fraction ? ': round it with `floor(…)` or `ceil(…)`' : ''}.`,
    span: expr.span,
  });
  return undefined;
}

/** The values of the loop variables, one row an iteration; `undefined` after an error or when unknown. */
export function iterations(
  value: Value,
  statement: ForStatement,
  report: Report,
): readonly (readonly Value[])[] | undefined {
  const { iterable, pattern, destructures } = statement;
  if (value.kind === 'unknown') return undefined;
  if (value.kind !== 'list') {
    report({
      code: 'type-mismatch',
      message: `\`for\` runs over a list such as \`[16, 32, 64]\`, not over ${describeValue(value)}.`,
      span: iterable.span,
    });
    return undefined;
  }
  if (!destructures) return value.elements.map((element) => [element]);
  const rows: (readonly Value[])[] = [];
  for (const [index, element] of value.elements.entries()) {
    if (element.kind !== 'tuple' || element.elements.length !== pattern.length) {
      const names = pattern.map((name) => name.name).join(', ');
      report({
        code: 'type-mismatch',
        message: `\`for (${names}) in …\` needs a list of tuples of ${pattern.length} values, but it holds ${describeValue(element)}.`,
        span: (iterable.kind === 'list' ? iterable.elements[index]?.span : undefined) ?? iterable.span,
      });
      return undefined;
    }
    rows.push(element.elements);
  }
  return rows;
}

/** Longest side or channel count of a tensor that is taken seriously. */
const maxExtent = 1_000_000;

/** The shape an `input` or an assertion states; `undefined` after an error or when unknown. */
export function shapeOf(value: Value, expr: Expr, report: Report): Shape | undefined {
  if (value.kind === 'unknown') return undefined;
  const dims = value.kind === 'dims' ? value.values : value.kind === 'number' ? [value.value] : undefined;
  if (dims === undefined || dims.length > 3) {
    report({
      code: 'type-mismatch',
      message: `A shape is written \`32x32x3\` (image), \`64x192\` (tokens) or \`10\` (vector); this is ${describeValue(value)}.`,
      span: expr.span,
    });
    return undefined;
  }
  if (dims.every((extent) => Number.isInteger(extent) && extent >= 1 && extent <= maxExtent)) {
    return shapeFromDims(dims);
  }
  report({
    code: 'shape-range',
    message: `Every extent of a shape is a whole number from 1 to ${formatInteger(maxExtent)}.`,
    span: expr.span,
  });
  return undefined;
}
