import fc from 'fast-check';
import { bindArguments, keywordsOf, type GivenArgument } from '../../../server/network/arguments.ts';
import {
  ShapeError,
  type ArgSpec,
  type ArgType,
  type OpContext,
  type OpDefinition,
} from '../../../server/network/op.ts';
import type { Shape } from '../../../server/network/shape.ts';
import { attentionUse } from './attention-uses.ts';

// Random small uses of any op, made from its argument specifications alone: an op added to the registry is tested
// without a change here, unless its arguments hang together.

const side = fc.integer({ min: 1, max: 7 });
// Numbers with several divisors, so that groups and heads often fit.
const channels = fc.constantFrom(1, 2, 3, 4, 6, 8);

export const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  fc.tuple(channels, side, side),
  fc.tuple(side, channels),
  fc.tuple(channels),
);

function clamp(value: number, min = -Infinity, max = Infinity): number {
  return Math.min(Math.max(value, min), max);
}

function valueOf(type: ArgType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'integer':
      return fc.constantFrom(0, 1, 2, 3, 4, 6).map((value) => clamp(value, type.min, type.max));
    case 'number':
      return fc.constantFrom(0.125, 0.5, 1, 2, 3).map((value) => clamp(value, type.min, type.max));
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...type.values);
    case 'extent': {
      const extent = fc.integer({ min: type.min, max: Math.min(type.max, type.min + 3) });
      return fc.oneof(extent, fc.tuple(extent, extent));
    }
    case 'padding': {
      const pad = fc.integer({ min: 0, max: 2 });
      return fc.oneof(fc.constantFrom(...keywordsOf(type)), fc.tuple(pad, pad));
    }
  }
}

function argument(spec: ArgSpec): fc.Arbitrary<readonly GivenArgument[]> {
  const given = valueOf(spec.type).map((value) => [{ name: spec.name, value }]);
  const required = spec.default === undefined && spec.defaultFrom === undefined;
  return required ? given : fc.oneof(given, fc.constant([]));
}

/** Mostly shapes that can be merged with the first: equal, or different in one extent. */
function relatedShape(first: Shape): fc.Arbitrary<Shape> {
  return fc.oneof(
    fc.constant(first),
    fc
      .tuple(fc.nat(first.length - 1), fc.constantFrom(1, 2, 5))
      .map(([axis, extent]) => first.map((old, i) => (i === axis ? extent : old))),
    fc.constant([first.length === 2 ? first[1]! : first[0]!]),
  );
}

/** Shapes and complete arguments, whether or not the op can be applied to them. */
export function anyUse(op: OpDefinition): fc.Arbitrary<OpContext> {
  const { min, max } = op.extraInputs ?? { min: 0, max: 0 };
  const extra = { minLength: min, maxLength: Math.min(max, 2) };
  const inputs = anyShape.chain((first) =>
    fc.array(relatedShape(first), extra).map((others) => [first, ...others]),
  );
  return fc.record({
    inputs,
    args: fc.tuple(...op.args.map(argument)).map((given) => {
      const { args, problems } = bindArguments(op, given.flat());
      if (args === undefined) throw new Error(problems[0].message);
      return args;
    }),
  });
}

/** Uses that the op accepts. */
export function validUse(op: OpDefinition): fc.Arbitrary<OpContext> {
  const uses =
    op.name === 'attend' ? fc.oneof(anyUse(op), { weight: 4, arbitrary: attentionUse }) : anyUse(op);
  return uses.filter((use) => {
    try {
      op.shape(use);
      return true;
    } catch (error) {
      if (error instanceof ShapeError) return false;
      throw error;
    }
  });
}
