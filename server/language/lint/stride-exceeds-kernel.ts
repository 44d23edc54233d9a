import { formatShape } from '../../network/shape.ts';
import type { LintRule } from './rule.ts';
import { always, type Placed } from './sites.ts';
import { windowOf } from './window.ts';

/**
 * A kernel that steps over positions nobody reads. Kernels of one position are left alone: sampling the image is what a
 * 1x1 projection with a stride is for.
 */
export const strideExceedsKernel: LintRule = {
  code: 'stride-exceeds-kernel',
  check(context, report) {
    for (const { node, site } of always(context, skips)) {
      const { kernel, stride } = windowOf(node.args)!;
      report({
        code: 'stride-exceeds-kernel',
        severity: 'warning',
        message: `\`${node.op}\` steps ${formatShape(stride)} with a kernel of ${formatShape(kernel)}, so it never sees some positions: use a stride of at most ${formatShape(kernel)} or a larger kernel.`,
        span: site,
      });
    }
  },
};

function skips({ node, own, inputs }: Placed): boolean {
  const sizes = windowOf(node.args);
  const input = inputs[0]?.node.shape;
  // A called block is checked where it is written.
  if (sizes === undefined || !own || (input !== undefined && input.length !== 3)) return false;
  const { kernel, stride, dilation } = sizes;
  return kernel.some((size, axis) => {
    const reach = (dilation[axis] ?? 1) * (size - 1) + 1;
    // Where there is only one position, nothing is stepped over.
    return size > 1 && stride[axis]! > reach && node.shape[axis + 1]! > 1;
  });
}
