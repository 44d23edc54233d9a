import type { Body, Flow } from '../../../../grammar/syntax.ts';
import type { Shape } from '../../../network/shape.ts';
import type { Scope } from '../../names/meaning.ts';
import type { Paths } from './paths.ts';
import type { Place, Sizing } from './sizing.ts';

type Count<T> = (sizing: Sizing, part: T, scope: Scope, place: Place, shape: Shape | undefined) => Paths;

/** How the members of what stands inside a block or cell are counted: by `bodies.ts`, which hands it to `calls.ts`. */
export interface Inner {
  readonly countBody: Count<Body>;
  readonly countFlow: Count<Flow>;
}
