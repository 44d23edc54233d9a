import { sheetFile } from '../../../server/plot/sheet.ts';
import { toCsv, toJson } from '../../../server/plot/tables.ts';
import type { ExportFormat, FromPage, PageState } from '../protocol.ts';
import { toPng } from '../../webview/page/png.ts';
import { seriesOf } from './app.tsx';

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
