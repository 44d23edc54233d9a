import type { Expr, OpCall } from '../../../grammar/syntax.ts';
import { walk } from '../../../grammar/walk.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { isNoKernel } from '../foreign/no-kernel.ts';
import { type LintRule, sound } from './rule.ts';

/** Convolutions: of a pooling both numbers are windows, and nobody takes one for another. */
const convolutions: ReadonlySet<string> = new Set(['conv', 'dwconv']);

/** A stride that is given without its name, often where something else is meant: `dwconv(16, 3x3)` has a kernel of 16x16. */
export const strideByPosition: LintRule = {
  code: 'stride-by-position',
  check({ module }, report) {
    for (const { decl } of sound(module)) {
      walk(decl, (node) => {
        if (node.kind !== 'op-call') return;
        const call = node as OpCall;
        const { name } = call.callee;
        if (!convolutions.has(name) || module.names.has(name)) return;
        const place = opRegistry.get(name)!.args.findIndex((spec) => spec.name === 'stride');
        const unnamed = call.args.filter((argument) => argument.name === undefined);
        const stride = unnamed[place]?.value;
        if (stride === undefined || !isAboveOne(stride)) return;
        const [out, kernel] = unnamed.map(({ value }) => value);
        const hasWidth =
          name === 'conv' &&
          out?.kind === 'number' &&
          kernel?.kind === 'number' &&
          stride.kind === 'number' &&
          isNoKernel(kernel.value, stride.value);
        // With more numbers it has an error, which says the same.
        if (hasWidth && unnamed.length > 3) return;
        report({
          code: 'stride-by-position',
          severity: 'warning',
          message:
            name === 'dwconv'
              ? 'The second number of `dwconv` is its stride, the first its kernel: its width is that of what flows in. Write `stride = …` if it is meant.'
              : hasWidth
                ? `This is a kernel of ${kernel.value}x${kernel.value} with a stride of ${stride.value}. \`conv\` knows the width of what flows in: write \`conv(${kernel.value}, ${stride.value}x${stride.value})\`, or \`stride = …\` if it is meant.`
                : 'The third number of `conv` is its stride: write `stride = …`, so that one sees it.',
          span: stride.span,
        });
      });
    }
  },
};

function isAboveOne(value: Expr): boolean {
  if (value.kind === 'number') return value.value > 1;
  return value.kind === 'dims' && value.values.some((side) => side > 1);
}
