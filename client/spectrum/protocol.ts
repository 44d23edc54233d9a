/** What the spectrum panel and its page say to each other. */
import * as v from 'valibot';
import type { PictureAnswer } from '../../server/protocol/pictures.ts';
import type { Series } from '../../server/plot/figure.ts';
import type { Cursor } from '../../server/plot/cursor.ts';
import { exportMessages, type ExportRequest } from '../webview/export-format.ts';
import { stateFormat } from './state-format.ts';

/** A model of a document, by name. */
export interface Target {
  readonly uri: string;
  readonly model: string;
}

/** A picture laid over: an earlier version, or another model. */
export interface Overlay extends Series {
  readonly id: string;
}

/** What the panel shows. */
export interface View {
  readonly target?: Target;
  /** Name of the file. */
  readonly file: string;
  /** Stays with its model, whatever the editor shows. */
  readonly locked: boolean;
  /** Absent while the server has not answered; null when there is no such model in an open file. */
  readonly answer?: PictureAnswer | null;
  readonly overlays: readonly Overlay[];
}

export type ToPage =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'cursor'; readonly cursor: Cursor }
  | ExportRequest;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = v.object({ line: count, character: count });
const target = v.object({ uri: v.string(), model: v.string() });

export const fromPage = v.variant('kind', [
  v.object({
    kind: v.literal('reveal'),
    place: v.object({ uri: v.string(), start: position, end: position }),
  }),
  v.object({ kind: v.literal('lock'), locked: v.boolean() }),
  v.object({ kind: v.literal('pin') }),
  v.object({ kind: v.literal('compare') }),
  v.object({ kind: v.literal('remove'), id: v.string() }),
  ...exportMessages,
  v.object({ kind: v.literal('score') }),
  v.object({ kind: v.literal('settle') }),
  v.object({ kind: v.literal('open') }),
]);

export type FromPage = v.InferOutput<typeof fromPage>;

/** What the page keeps for a reload: the panel's part of it is read back by the extension. */
export interface PageState {
  readonly format: typeof stateFormat;
  readonly view: View;
  /** Blocks that are not folded as they are at first. */
  readonly toggled: readonly string[];
  readonly order: 'depth' | 'share';
}

const keptView = v.object({
  target: v.optional(target),
  file: v.string(),
  locked: v.boolean(),
  overlays: v.array(
    v.looseObject({ id: v.string(), name: v.string(), picture: v.looseObject({ model: v.string() }) }),
  ),
});

/** The view a page kept before the window was reloaded; undefined when it is not one of ours. */
export function viewOf(state: unknown): View | undefined {
  const parsed = v.safeParse(v.looseObject({ format: v.literal(stateFormat), view: keptView }), state);
  if (!parsed.success) return undefined;
  const { target: model, file, locked, overlays } = parsed.output.view;
  // What a page of this extension wrote is a picture.
  const pictures = overlays as unknown as readonly Overlay[];
  return { ...(model === undefined ? {} : { target: model }), file, locked, overlays: pictures };
}
