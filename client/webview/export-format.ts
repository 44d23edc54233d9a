/** How a page is saved as a file: the extension asks for a format and then for the data, and knows where they go. */
import * as v from 'valibot';

const exportFormats = ['svg', 'png', 'csv', 'json'] as const;

/** What a page can be saved as. */
export type ExportFormat = (typeof exportFormats)[number];

/** What a page is asked for; it answers with `exported`. */
export interface ExportRequest {
  readonly kind: 'export';
  readonly format: ExportFormat;
}

/** A file of a page. `data` is text, and base64 for PNG. */
export interface Exported {
  readonly kind: 'exported';
  readonly format: ExportFormat;
  readonly data: string;
}

/** What every page may say: that its user wants to save it, and what was asked for. */
export const exportMessages = [
  v.object({ kind: v.literal('choose-export') }),
  v.object({ kind: v.literal('exported'), format: v.picklist(exportFormats), data: v.string() }),
] as const;
