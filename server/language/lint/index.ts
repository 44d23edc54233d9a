import { DiagnosticSink, type Diagnostic, toDiagnostic } from '../check/diagnostics.ts';
import { biasBeforeNorm } from './bias-before-norm.ts';
import { channelsFirst } from './channels-first.ts';
import { deadEdge } from './dead-edge.ts';
import { kernelExceedsImage } from './kernel-exceeds-image.ts';
import type { LintContext, LintRule } from './rule.ts';
import { shadowedName } from './shadowed-name.ts';
import { softmaxOutput } from './softmax-output.ts';
import { strideByPosition } from './stride-by-position.ts';
import { strideExceedsKernel } from './stride-exceeds-kernel.ts';
import { twoActivations } from './two-activations.ts';
import { unreachableBranch } from './unreachable-branch.ts';
import { unusedBlock } from './unused-block.ts';
import { unusedImport } from './unused-import.ts';
import { unusedName } from './unused-name.ts';
import { unusedParameter } from './unused-parameter.ts';

/** Everything that is checked about a file beyond whether its networks are well formed. */
export const lintRules: readonly LintRule[] = [
  unusedBlock,
  unusedParameter,
  unusedImport,
  unusedName,
  shadowedName,
  unreachableBranch,
  biasBeforeNorm,
  twoActivations,
  strideExceedsKernel,
  strideByPosition,
  kernelExceedsImage,
  softmaxOutput,
  channelsFirst,
  deadEdge,
];

/** What the rules find, each code once a place; stops after each rule. Never throws, whatever the text. */
export function* lintSteps(context: LintContext): Generator<undefined, readonly Diagnostic[]> {
  const sink = new DiagnosticSink();
  for (const rule of lintRules) {
    rule.check(context, (problem) => {
      sink.add(toDiagnostic(problem, context.module.uri));
    });
    yield;
  }
  return sink.diagnostics;
}
