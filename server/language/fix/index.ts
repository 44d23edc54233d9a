import { countWhere } from '../../base/bisect.ts';
import type { TextChange } from '../../../grammar/format/format.ts';
import type { Diagnostic } from '../check/diagnostics.ts';
import { removeBranch } from './branch.ts';
import { removeNode } from './cell.ts';
import { type Fix, type FixContext, type Fixer, replace } from './fix.ts';
import {
  changeOp,
  channelsLast,
  nameStride,
  noneEdge,
  removeActivation,
  removeBias,
  removeNeedless,
  removeSoftmax,
  strideOfKernel,
} from './op.ts';
import { addShortcut } from './residual.ts';
import { renameHiding } from './shadow.ts';
import { removeBlock, removeImport, removeName, removeParameter } from './unused.ts';

export type { Fix, FixContext } from './fix.ts';

const fixers: ReadonlyMap<string, Fixer> = new Map([
  ['unused-block', removeBlock],
  ['unused-import', removeImport],
  ['unused-name', removeName],
  ['unused-parameter', removeParameter],
  ['shadowed-name', renameHiding],
  ['unreachable-branch', removeBranch],
  ['bias-before-norm', removeBias],
  ['unknown-argument', removeNeedless],
  ['two-activations', removeActivation],
  ['stride-exceeds-kernel', strideOfKernel],
  ['stride-by-position', nameStride],
  ['softmax-output', removeSoftmax],
  ['channels-first', channelsLast],
  ['cell-node-unused', removeNode],
  ['dead-edge', noneEdge],
  ['residual-mismatch', addShortcut],
  ['groups-mismatch', changeOp],
  ['size-vanishes', changeOp],
  ['shape-mismatch', changeOp],
]);

/** The repairs of a diagnostic of a file, the best one first. */
export function fixesOf(diagnostic: Diagnostic, context: FixContext): readonly Fix[] {
  if (diagnostic.location.uri !== context.uri) return [];
  const { code, fix, location, message } = diagnostic;
  if (fix !== undefined)
    return [
      {
        title: fix.title,
        changes: [{ span: fix.span, text: fix.text }],
        preferred: true,
        // What a text of another language means is a guess, if a good one.
        safe: code !== 'other-framework',
      },
    ];
  const near = /Did you mean `([\w:]+)`\?/.exec(message)?.[1];
  if (near !== undefined) {
    // The place of a path is that of the string, with its quotation marks.
    const inset = code === 'import-not-found' ? 1 : 0;
    const [start, end] = [location.span.start + inset, location.span.end - inset];
    return [
      { title: `Change to \`${near}\``, changes: [replace(start, end, near)], preferred: true, safe: false },
    ];
  }
  return fixers.get(code)?.(diagnostic, context) ?? [];
}

/** All safe repairs of a file at once; of those that overlap, the first. */
export function fixAll(diagnostics: readonly Diagnostic[], context: FixContext): readonly TextChange[] {
  const taken: TextChange[] = [];
  for (const diagnostic of diagnostics) {
    const fix = fixesOf(diagnostic, context).find(({ safe, preferred }) => safe && preferred);
    if (fix?.changes.every((change) => isApart(change, taken)) !== true) continue;
    for (const change of fix.changes) taken.splice(placeOf(change, taken), 0, change);
  }
  return taken;
}

function placeOf({ span }: TextChange, taken: readonly TextChange[]): number {
  return countWhere(taken, (other) => other.span.start < span.start);
}

/** @param taken in the order of the text, apart from one another: those next to the change are enough */
function isApart(change: TextChange, taken: readonly TextChange[]): boolean {
  const place = placeOf(change, taken);
  return [taken[place - 1], taken[place]].every((other) => other === undefined || apart(change, other));
}

function apart({ span: a }: TextChange, { span: b }: TextChange): boolean {
  return (a.end <= b.start || b.end <= a.start) && a.start !== b.start;
}
