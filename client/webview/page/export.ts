import type { Exported, ExportFormat } from '../export-format.ts';
import { toPng } from './png.ts';

/** How a page is written in each format. */
export interface Writers {
  /** A document with its size. PNG is made of it. */
  readonly svg: () => string;
  readonly csv: () => string;
  readonly json: () => string;
}

/** Writes what a page shows, and hands it to the extension. */
export async function exportAs(
  format: ExportFormat,
  { svg, ...texts }: Writers,
  post: (message: Exported) => void,
): Promise<void> {
  const data = format === 'svg' ? svg() : format === 'png' ? await toPng(svg()) : texts[format]();
  post({ kind: 'exported', format, data });
}
