import { formatShape, type Shape } from '../../../network/shape.ts';
import { type Members, one, product, sum, times } from './members.ts';
import type { Ways } from './ways.ts';

/** Members of a space (so far) whose current tensor has one shape; no shape where shapes are not followed. */
export interface Path {
  readonly shape: Shape | undefined;
  readonly members: Members;
}

/** All members, by the shape of their current tensor. */
export type Paths = readonly Path[];

export function onePath(shape: Shape | undefined): Paths {
  return [{ shape, members: one }];
}

export function shapeKey(shape: Shape | undefined): string {
  return shape === undefined ? '' : formatShape(shape);
}

/** Paths of either sort, one for each shape. */
export function union(paths: readonly Path[]): Paths {
  if (paths.length < 2) return paths;
  const merged = new Map<string, Path>();
  for (const path of paths) {
    const key = shapeKey(path.shape);
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined ? path : { shape: path.shape, members: sum(known.members, path.members) },
    );
  }
  return [...merged.values()];
}

/** Paths that go on with what `next` makes of their shape. */
export function follow(paths: Paths, next: (shape: Shape | undefined) => Paths): Paths {
  return union(
    paths.flatMap((path) =>
      next(path.shape).map(({ shape, members }) => ({ shape, members: product(path.members, members) })),
    ),
  );
}

export function weighted(ways: Ways, paths: Paths): Paths {
  return paths.map(({ shape, members }) => ({ shape, members: times(ways, members) }));
}
