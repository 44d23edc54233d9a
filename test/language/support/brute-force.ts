import { DiagnosticSink } from '../../../server/language/check/diagnostics.ts';
import { expandModel } from '../../../server/language/expand/model.ts';
import type { Declaration } from '../../../server/language/names/meaning.ts';
import { Recorder } from '../../../server/language/spaces/recorder.ts';

/**
 * How many members of a space keep to its constraints, found by expanding the network of every way to make the decisions as they are
 * met: what is counted without this has to come to the same.
 *
 * @returns undefined where there are more than `most` ways
 */
export function bruteForce(declaration: Declaration, most: number): bigint | undefined {
  let members = 0n;
  /** The option of each decision, in the order in which they are met, and how many are left. */
  const digits: { option: number; left: number }[] = [];
  for (let ways = 0; ; ways++) {
    if (ways >= most) return undefined;
    let met = 0;
    const recorder = new Recorder(({ options }) => {
      if (met === digits.length) digits.push({ option: 0, left: options.length - 1 });
      return digits[met++]!.option;
    });
    const { network } = expandModel(declaration, {
      sink: new DiagnosticSink(),
      decide: recorder.decide,
      violation: 'error',
    });
    if (network !== undefined) members += 1n;
    let last = digits.pop();
    while (last?.left === 0) last = digits.pop();
    if (last === undefined) return members;
    digits.push({ option: last.option + 1, left: last.left - 1 });
  }
}
