import { countWhere } from '../../base/bisect.ts';
import type { Span } from '../../../grammar/syntax.ts';
import type { Location } from '../../network/network.ts';

export function sameLocation(a: Location, b: Location): boolean {
  return a.uri === b.uri && a.span.start === b.span.start && a.span.end === b.span.end;
}

/** The item around an offset, of items in the order of the text that do not overlap. */
export function around<Item extends { readonly span: Span }>(
  items: readonly Item[],
  offset: number,
): Item | undefined {
  const found = items[lastBefore(items, offset)];
  return found !== undefined && offset <= found.span.end ? found : undefined;
}

/** Index of the last item that starts at or before an offset, -1 without one; the items are in the order of the text. */
export function lastBefore(items: readonly { readonly span: Span }[], offset: number): number {
  return countWhere(items, ({ span }) => span.start <= offset) - 1;
}
