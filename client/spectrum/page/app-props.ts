import type { Cursor } from '../../../server/plot/cursor.ts';
import type { FromPage, PageState } from '../protocol.ts';

/** What the page shows, and what it may do. */
export interface AppProps {
  readonly state: PageState;
  readonly cursor: Cursor | undefined;
  readonly change: (part: Partial<PageState>) => void;
  readonly post: (message: FromPage) => void;
}
