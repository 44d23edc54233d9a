import type { LintRule } from './rule.ts';
import { always } from './sites.ts';

/** A softmax behind the last layer: what a network gives is logits, and every score takes their softmax itself. */
export const softmaxOutput: LintRule = {
  code: 'softmax-output',
  check(context, report) {
    const ends = always(context, ({ node, readers }) => node.op === 'softmax' && readers.length === 0);
    for (const { site } of ends)
      report({
        code: 'softmax-output',
        severity: 'warning',
        message:
          'A model ends in logits, of which the loss and every score take the softmax: a softmax of a softmax is nearly even. Leave it out.',
        span: site,
      });
  },
};
