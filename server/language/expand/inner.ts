import type { Body, Flow } from '../../../grammar/syntax.ts';
import type { Scope } from '../names/meaning.ts';
import type { Expansion } from './expansion.ts';
import type { Flowing } from './flowing.ts';
import type { Frame } from './frame.ts';

type Expand<T> = (expansion: Expansion, part: T, scope: Scope, frame: Frame, current: Flowing) => Flowing;

/** How what stands inside a loop, block or cell is expanded: by `expand.ts`, which hands it to the files that it calls. */
export interface Inner {
  readonly expandBody: Expand<Body>;
  readonly expandFlow: Expand<Flow>;
}
