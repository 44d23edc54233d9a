import { sheetFile } from '../../../../server/plot/sheet.ts';
import { toCsv, toJson } from '../../../../server/plot/tables.ts';
import type { ExportFormat, FromPage, PageState } from '../../../spectrum/protocol.ts';
import { seriesOf } from './app.tsx';

/** Pixels of the picture for one of the drawing: sharp in print and on dense screens. */
const density = 2;

/** Writes what the page shows in a format, and hands it to the extension, which knows where to save it. */
export async function exportPicture(
  format: ExportFormat,
  state: PageState | undefined,
  post: (message: FromPage) => void,
): Promise<void> {
  const picture = state?.view.answer?.picture;
  if (state === undefined || picture === undefined) return;
  const series = seriesOf(state.view, picture);
  const folding = { toggled: new Set(state.toggled) };
  const data = await (async () => {
    switch (format) {
      case 'svg':
        return sheetFile(series, { folding });
      case 'png':
        return await toPng(sheetFile(series, { folding }));
      case 'csv':
        return toCsv(series);
      case 'json':
        return toJson(series);
    }
  })();
  post({ kind: 'exported', format, data });
}

/** @returns base64 */
async function toPng(file: string): Promise<string> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([file], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * density;
    canvas.height = image.naturalHeight * density;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  } finally {
    URL.revokeObjectURL(address);
  }
}
