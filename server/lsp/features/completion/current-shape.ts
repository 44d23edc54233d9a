import type { FileAnalysis } from '../../../language/analysis.ts';
import { lastBefore } from '../../../language/cursor/lookup.ts';
import { bindArguments } from '../../../network/arguments.ts';
import { ShapeError } from '../../../network/op.ts';
import type { ArgSpec, OpDefinition } from '../../../network/op.ts';
import { channelCount } from '../../../network/parts/inputs.ts';
import type { Shape } from '../../../network/shape.ts';
import type { Cursor } from '../../../language/cursor/cursor.ts';

/** How many tokens before the cursor are looked at: the tensor at hand comes from near. */
const reach = 400;

/**
 * The tensor at the cursor, as far as it can be told at once: the output of the op or statement that ends last before
 * it in the same declaration. Undefined in a block nobody calls.
 */
export function currentShape(
  analysis: FileAnalysis,
  { previous, groups, declaration }: Cursor,
): Shape | undefined {
  if (
    previous === undefined ||
    (declaration !== 'model' && declaration !== 'space' && declaration !== 'block')
  )
    return undefined;
  const { parse, text } = analysis;
  const from = groups[1]?.start ?? 0;
  const statement = analysis.shapes[lastBefore(analysis.shapes, previous.start)];
  const tokens = parse.tokens;
  let index = lastBefore(tokens, previous.start);
  for (let steps = 0; index >= 0 && steps < reach && tokens[index]!.span.start > from; index--, steps++) {
    const { kind, span } = tokens[index]!;
    // A whole statement ends here, for instance a `residual`.
    if (statement?.span.end === span.end && span.end <= previous.end) {
      const [only, ...others] = statement.shapes.at(-1) ?? [];
      return others.length === 0 ? only : undefined;
    }
    if (kind === 'keyword' && text.slice(span.start, span.end) === 'input') break;
    if (kind !== 'name') continue;
    const placed = analysis.nodesAt(span.start).at(-1);
    if (placed?.node.origin.span.start === span.start) return placed.node.shape;
  }
  // Right behind `input`.
  const model = [...analysis.models, ...analysis.spaces.map(({ first }) => first)].find(
    ({ span }) => span.start <= from && from <= span.end,
  );
  return declaration === 'block' ? undefined : model?.partial[0]?.shape;
}

export function widthOf(shape: Shape | undefined): number | undefined {
  return shape === undefined ? undefined : channelCount(shape);
}

/** Whether an op can be applied to a tensor with some arguments; what it needs instead, else. */
export function misfit(op: OpDefinition, shape: Shape): string | undefined {
  const given = op.args.map((arg) => ({ name: arg.name, value: sample(arg, shape) }));
  const { args } = bindArguments(
    op,
    given.filter(({ value }) => value !== undefined),
  );
  // Nothing speaks against it then.
  if (args === undefined) return undefined;
  const extra = op.extraInputs?.min ?? 0;
  try {
    op.shape({ inputs: Array.from({ length: 1 + extra }, () => shape), args });
    return undefined;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return /needs ([^,]*), but/.exec(error.message)?.[1] ?? 'does not fit here';
  }
}

/** Something that fits any tensor of this rank: as many channels as it has, where an argument may be that many. */
function sample({ name, type, default: fallback }: ArgSpec, shape: Shape): number | undefined {
  if (type.kind === 'boolean' || type.kind === 'enum' || type.kind === 'padding') return undefined;
  const { min = -Infinity, max = Infinity } = type;
  const least = Math.min(Math.max(1, min), max);
  const ofChannels =
    name === 'out' || (type.kind === 'integer' && fallback !== undefined && name === 'groups');
  if (ofChannels) return inRange(channelCount(shape), min, max) ? channelCount(shape) : least;
  return fallback === undefined ? least : undefined;
}

function inRange(value: number, min: number, max: number): boolean {
  return min <= value && value <= max;
}
