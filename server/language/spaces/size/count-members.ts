import type { SpaceDecl } from '../../../../grammar/syntax.ts';
import { type Declaration, Scope } from '../../names/meaning.ts';
import { countBody } from './bodies.ts';
import { cellsOf, type Members, sum, Uncountable } from './members.ts';
import { placeOf, Sizing } from './sizing.ts';
import type { Work } from '../../work.ts';
import { both, either, noWay, type Ways } from './ways.ts';

/** The members of a space. */
export interface Counted {
  /** All ways to make the decisions that keep to what the constraints say of the decisions themselves. */
  readonly ways: Ways;
  /** Whether a constraint says something of whole networks (`params`, `macs`, `layers`, shapes), so that some of them may be none. */
  readonly open: boolean;
}

/**
 * The members of a space: ways to make all decisions it meets. Nothing is enumerated: independent decisions multiply, a
 * body is counted once for every combination of the values that control decisions in it, and combinations that no longer
 * matter are merged. Takes from `work`, which the spaces of a file share. Throws `Uncountable` when too much depends on too much.
 */
export function countMembers(declaration: Declaration, classes: number, work: Work): Counted {
  try {
    return count(declaration, new Sizing(classes, false, work));
  } catch (error) {
    if (!(error instanceof Uncountable) || !error.needsShapes) throw error;
    return count(declaration, new Sizing(classes, true, work));
  }
}

function count(declaration: Declaration, sizing: Sizing): Counted {
  const { body } = declaration.decl as SpaceDecl;
  const place = placeOf(declaration, declaration.makesChoosingOps);
  const paths = countBody(sizing, body, new Scope(), place, undefined);
  const members = paths.reduce<Members>((total, path) => sum(total, path.members), new Map());
  return { ways: multiplyCells(members, sizing.cells), open: sizing.open };
}

/** Shared cells multiply in once, and so do the cells that these use. */
function multiplyCells(members: Members, cells: readonly Members[]): Ways {
  let total = noWay;
  // Keys are the cells still to multiply in, a bar, and those that are in already.
  let open = members;
  while (open.size > 0) {
    let next: Members = new Map<string, Ways>();
    for (const [key, ways] of open) {
      const [pending = '', finished = ''] = key.split('|');
      const [cell, ...rest] = cellsOf(pending);
      if (cell === undefined) {
        total = either(total, ways);
        continue;
      }
      const done = new Set([...cellsOf(finished), cell]);
      for (const [used, inside] of cells[cell]!) {
        const left = new Set([...rest, ...cellsOf(used)].filter((id) => !done.has(id)));
        const nextKey = `${[...left].sort((a, b) => a - b).join(' ')}|${[...done].join(' ')}`;
        next = sum(next, new Map([[nextKey, both(ways, inside)]]));
      }
    }
    open = next;
  }
  return total;
}
