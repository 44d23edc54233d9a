import { formatShape } from '../../network/shape.ts';
import type { LintRule } from './rule.ts';
import { always, type Placed } from './sites.ts';
import { windowOf } from './window.ts';

/** A kernel that reaches beyond the image wherever it stands: weights at its border only ever meet padding. */
export const kernelExceedsImage: LintRule = {
  code: 'kernel-exceeds-image',
  check(context, report) {
    for (const { node, site, inputShape } of always(context, exceeds)) {
      const [, height, width] = inputShape!;
      report({
        code: 'kernel-exceeds-image',
        severity: 'warning',
        message: `The kernel of ${formatShape(windowOf(node.args)!.kernel)} is larger than the image of ${height}x${width} that it gets: use a smaller one, or reduce the resolution less before it.`,
        span: site,
      });
    }
  },
};

function exceeds({ node, inputShape: input }: Placed): boolean {
  const window = windowOf(node.args);
  if (window === undefined || input?.length !== 3) return false;
  return window.kernel.some(
    (size, axis) => size > 1 && window.dilation[axis]! * (size - 1) + 1 > input[axis + 1]!,
  );
}
