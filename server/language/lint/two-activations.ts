import type { Problem } from '../check/diagnostics.ts';
import type { Span } from '../../../grammar/syntax.ts';
import type { OpDefinition } from '../../network/op.ts';
import { adjacent } from './adjacent.ts';
import type { LintRule } from './rule.ts';
import { always, isActivation } from './sites.ts';

/** An activation of nothing but an activation, also where the first is the last op of a block. */
export const twoActivations: LintRule = {
  code: 'two-activations',
  check(context, report) {
    for (const [first, second] of adjacent(context.module)) {
      if (isActivation(first) && isActivation(second))
        report(problem(first.definition, second.definition, second.call.span));
    }
    const after = always(context, (placed) => {
      const [first] = placed.inputs;
      return (
        isActivation(placed) &&
        first !== undefined &&
        isActivation(first) &&
        first.readers.length === 1 &&
        // Inside one call it is the business of the called block.
        (placed.own || first.site.start !== placed.site.start)
      );
    });
    for (const { definition, inputs, site } of after)
      report(problem(inputs[0]!.definition, definition, site));
  },
};

function problem(first: OpDefinition, second: OpDefinition, span: Span): Problem {
  const effect =
    first.name === second.name && idempotent.has(first.name)
      ? 'which changes nothing'
      : 'with no layer between them';
  return {
    code: 'two-activations',
    severity: 'warning',
    message: `\`${second.name}\` follows \`${first.name}\` ${effect}: remove one of them.`,
    span,
  };
}

/** f(f(x)) = f(x) */
const idempotent: ReadonlySet<string> = new Set(['relu', 'relu6']);
