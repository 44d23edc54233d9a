import type { IToken } from 'chevrotain';
import { Balancer, type Balanced, type Reading } from './balancer.ts';

/** More problems than this are not a few mistakes in a program: other readings are not worth their time. */
const FEW = 50;

/** The more likely first. */
const READINGS: readonly Reading[] = [false, true].flatMap((strays) =>
  [false, true].flatMap((nested) =>
    [true, false].flatMap((indentation) =>
      [true, false].map((emptyBodies) => ({ indentation, emptyBodies, nested, strays })),
    ),
  ),
);

/**
 * Balances brackets before parsing. In a text whose brackets match nothing changes; otherwise closing (and
 * opening) brackets are inserted, and stray ones dropped, each with a problem, so that the parser always sees
 * whole groups. Of several readings of the text the one with which the user sees the fewest problems is taken.
 *
 * @param parses asked where brackets match and look as if they should not: whether all of the text parses
 */
export function balance(tokens: readonly IToken[], parses: () => boolean): Balanced {
  const plain = new Balancer(tokens, {
    indentation: false,
    emptyBodies: true,
    nested: false,
    strays: false,
  }).run();
  if ((plain.unchanged && (plain.cost <= 1 || parses())) || plain.problems.length > FEW) return plain;
  let best: Balanced | undefined;
  for (const reading of READINGS) {
    const balanced = new Balancer(tokens, reading).run();
    if (!best || balanced.cost < best.cost) best = balanced;
    if (best.cost === 1) break;
  }
  return best!;
}

/** Whether the brackets match in every reading, so that no error elsewhere can make another of them the better one here. */
export function standsAlone(tokens: readonly IToken[]): boolean {
  return [true, false].every((indentation) => {
    const { unchanged, cost } = new Balancer(tokens, {
      indentation,
      emptyBodies: true,
      nested: false,
      strays: false,
    }).run();
    return unchanged && cost === 0;
  });
}
