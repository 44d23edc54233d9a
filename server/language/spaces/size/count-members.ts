import type { SpaceDecl } from '../../../../grammar/syntax.ts';
import { type Declaration, Scope } from '../../names/meaning.ts';
import { countBody } from './bodies.ts';
import { cellsOf, type Members, sum, Uncountable } from './members.ts';
import { placeOf, Sizing } from './sizing.ts';
import type { Work } from '../../work.ts';

/**
 * The exact number of members of a space: of ways to make all decisions it meets. Nothing is enumerated: independent
 * decisions multiply, a body is counted once for every combination of the values that control decisions in it, and
 * combinations that no longer matter are merged. Takes from `work`, which the spaces of a file share. Throws `Uncountable` when too much depends on too much.
 */
export function countMembers(declaration: Declaration, classes: number, work: Work): bigint {
  try {
    return count(declaration, new Sizing(classes, false, work));
  } catch (error) {
    if (!(error instanceof Uncountable) || !error.needsShapes) throw error;
    return count(declaration, new Sizing(classes, true, work));
  }
}

function count(declaration: Declaration, sizing: Sizing): bigint {
  const { body } = declaration.decl as SpaceDecl;
  const place = placeOf(declaration, declaration.makesChoosingOps);
  const paths = countBody(sizing, body, new Scope(), place, undefined);
  const members = paths.reduce<Members>((total, path) => sum(total, path.members), new Map());
  return multiplyCells(members, sizing.cells);
}

/** Shared cells multiply in once, and so do the cells that these use. */
function multiplyCells(members: Members, cells: readonly Members[]): bigint {
  let total = 0n;
  // Keys are the cells still to multiply in, a bar, and those that are in already.
  let open = members;
  while (open.size > 0) {
    let next: Members = new Map<string, bigint>();
    for (const [key, number] of open) {
      const [pending = '', finished = ''] = key.split('|');
      const [cell, ...rest] = cellsOf(pending);
      if (cell === undefined) {
        total += number;
        continue;
      }
      const done = new Set([...cellsOf(finished), cell]);
      for (const [used, ways] of cells[cell]!) {
        const left = new Set([...rest, ...cellsOf(used)].filter((id) => !done.has(id)));
        const nextKey = `${[...left].sort((a, b) => a - b).join(' ')}|${[...done].join(' ')}`;
        next = sum(next, new Map([[nextKey, number * ways]]));
      }
    }
    open = next;
  }
  return total;
}
