import { opRegistry } from '../../../network/ops/index.ts';
import { sameShape, type Shape } from '../../../network/shape.ts';
import { silent } from '../../check/diagnostics.ts';
import { cellGraph, type CellGraph, type GraphEdge } from '../../expand/cells.ts';
import { sourceNodes } from '../../expand/sources.ts';
import { type Callable, Scope } from '../../names/meaning.ts';
import { shapeAfter } from './after.ts';
import { entriesOf, type Given } from './entries.ts';
import type { Inner } from './inner.ts';
import { type Members, one, product, times, Uncountable, using } from './members.ts';
import { type Path, type Paths, union } from './paths.ts';
import { type Place, placeOf, type Sizing } from './sizing.ts';

type Cell = Callable & { readonly kind: 'cell' };

/** A cell is decided once for all its uses: here it only says that it is used. */
export function countCell(
  sizing: Sizing,
  { decl, declaration }: Cell,
  given: Given,
  shape: Shape | undefined,
  inner: Inner,
): Paths {
  const choosing = declaration.mayChoose || declaration.makesChoosingOps;
  const place = placeOf(declaration, declaration.makesChoosingOps);
  const graph = cellGraph(decl);
  return union(
    entriesOf(sizing, decl, declaration, given, place, shape).flatMap(({ scope, members: ways }) => {
      const known = sizing.cellIds.get(declaration);
      if (!sizing.followsShapes && (!choosing || (known !== undefined && decl.params.length === 0))) {
        const used = choosing ? using(known!) : one;
        return [{ shape, members: product(ways, used) }];
      }
      const path = countGraph({ sizing, cell: decl.name.name, place, scope, inner }, graph, shape);
      if (!choosing) return [{ shape: path.shape, members: product(ways, path.members) }];
      const id = known ?? sizing.cellIds.size;
      sizing.cellIds.set(declaration, id);
      const before = sizing.cells[id];
      if (before !== undefined && !sameMembers(before, path.members)) {
        throw new Uncountable(
          `the cell \`${decl.name.name}\` has other decisions where its input or its arguments are others`,
        );
      }
      sizing.cells[id] = path.members;
      return [{ shape: path.shape, members: product(ways, using(id)) }];
    }),
  );
}

interface Inside {
  readonly sizing: Sizing;
  readonly cell: string;
  readonly place: Place;
  readonly scope: Scope;
  readonly inner: Inner;
}

/** The members of the edges of a cell, all together, and the shape that they give. */
function countGraph(inside: Inside, { inputs, edges, output }: CellGraph, shape: Shape | undefined): Path {
  // The shapes of several tensors are not followed.
  const shapes: (Shape | undefined)[] = inputs === 1 ? [shape] : [];
  let members = one;
  for (const edge of edges) {
    inside.sizing.look();
    const path = countEdge(inside, edge, shapes);
    const node = shapes[edge.to.value];
    if (node === undefined || (path.shape !== undefined && sameShape(node, path.shape)))
      shapes[edge.to.value] = path.shape;
    members = product(members, path.members);
  }
  const given = output.nodes.map((node) => shapes[node]);
  const merged = given.length === 1 ? given[0] : shapeAfter(opRegistry.get(output.merge)!, {}, given);
  return { shape: merged, members };
}

function countEdge(
  inside: Inside,
  { from, to, flow }: GraphEdge,
  shapes: readonly (Shape | undefined)[],
): Path {
  const { sizing, place, scope } = inside;
  if (from.kind === 'number') return countAlong(inside, flow, shapes[from.value]);
  const paths = sizing.outcomes(from, scope, place.module, undefined).map(({ value, ways }): Path => {
    const along = (sourceNodes(value, to.value, from, silent) ?? []).map((node) =>
      countAlong(inside, flow, shapes[node]),
    );
    const members = along.reduce((all, path) => product(all, path.members), one);
    return { shape: along[0]?.shape, members: times(ways, members) };
  });
  return only(inside, union(paths));
}

function countAlong(inside: Inside, flow: GraphEdge['flow'], shape: Shape | undefined): Path {
  const { sizing, place, scope, inner } = inside;
  return only(inside, inner.countFlow(sizing, flow, new Scope(scope), place, shape));
}

/** The one path there is: what comes behind a cell cannot depend on how it is decided. */
function only({ cell }: Inside, paths: Paths): Path {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0)
    throw new Uncountable(`the shape after the cell \`${cell}\` depends on its decisions`);
  return path;
}

function sameMembers(a: Members, b: Members): boolean {
  return a.size === b.size && [...a].every(([cells, { count }]) => b.get(cells)?.count === count);
}
