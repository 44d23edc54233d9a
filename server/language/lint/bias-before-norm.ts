import type { Span } from '../../../grammar/syntax.ts';
import type { Problem } from '../check/diagnostics.ts';
import { adjacent } from './adjacent.ts';
import type { LintRule } from './rule.ts';
import { always } from './sites.ts';

/** Ops whose bias is one number a channel. */
const biased: ReadonlySet<string> = new Set(['conv', 'dwconv', 'conv_transpose', 'dense']);

/**
 * A bias whose only reader is a batch norm, which subtracts it again with the mean of each channel. (Layer norm takes
 * its mean over channels, where a bias does make a difference.)
 */
export const biasBeforeNorm: LintRule = {
  code: 'bias-before-norm',
  check(context, report) {
    for (const [conv, norm] of adjacent(context.module)) {
      if (!biased.has(conv.definition.name) || norm.definition.name !== 'bn') continue;
      const bias = conv.call.args.find(({ name }) => name?.name === 'bias')?.value;
      const isOn =
        bias === undefined
          ? conv.definition.name === 'dense' && conv.call.args.length === 1
          : bias.kind === 'boolean' && bias.value;
      if (isOn) report(problem(conv.definition.name, conv.call.span));
    }
    const before = always(
      context,
      ({ node, readers, own, site }) =>
        biased.has(node.op) &&
        node.args['bias'] === true &&
        readers.length > 0 &&
        readers.every((reader) => reader.node.op === 'bn' && (own || reader.site.start !== site.start)),
    );
    for (const { node, site } of before) report(problem(node.op, site));
  },
};

function problem(op: string, span: Span): Problem {
  return {
    code: 'bias-before-norm',
    severity: 'warning',
    message: `The batch norm behind it cancels the bias of \`${op}\`: ${op === 'dense' ? 'write `bias = false`' : 'leave `bias` out'}.`,
    span,
  };
}
