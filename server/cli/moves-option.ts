import { InvalidArgumentError, Option } from 'commander';
import { moveKindName, parseMoveKinds } from '../search/moves/kinds.ts';
import { moveKinds } from '../search/moves/move.ts';

/** The option that chooses kinds of changes. */
export function movesOption(what: string): Option {
  const names = moveKinds.map(moveKindName).join(', ');
  return new Option(
    '--moves <kinds>',
    `${what}: all, -activation, or some of ${names} (default: all but activation)`,
  ).argParser((text: string) => {
    try {
      return parseMoveKinds(text);
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  });
}
