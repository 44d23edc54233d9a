import type { FuzzTarget } from '../target.ts';
import { compiler } from './compiler.ts';
import { formatter } from './formatter.ts';
import { grammar } from './grammar.ts';
import { journals } from './journals.ts';
import { languageServer } from './language-server.ts';
import { store } from './store.ts';
import { tables } from './tables.ts';

/** All that is tried, one a file. */
export const targets: readonly FuzzTarget[] = [
  grammar,
  compiler,
  formatter,
  languageServer,
  journals,
  store,
  tables,
];
