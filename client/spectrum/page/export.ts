import type { Picture } from '../../../server/plot/picture.ts';
import { sheetFile } from '../../../server/plot/sheet.ts';
import { toCsv, toJson } from '../../../server/plot/tables.ts';
import type { Writers } from '../../webview/page/export.ts';
import type { PageState } from '../protocol.ts';
import { seriesOf } from './app.tsx';

/** How what the page shows is written in each format. */
export function pictureWriters(state: PageState, picture: Picture): Writers {
  const series = seriesOf(state.view, picture);
  return {
    svg: () => sheetFile(series, { folding: { toggled: new Set(state.toggled) } }),
    csv: () => toCsv(series),
    json: () => toJson(series),
  };
}
