import type { Numbers, Tensor } from '../array.ts';
import type { AppliedOp, NodeId, Op } from '../ir.ts';
import type { Laned } from '../lanes.ts';
import type { LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import type { Shape } from '../shapes.ts';
import type { Rewriter, Scaled } from './parts/rewriting.ts';
import type { WeightGradient } from './parts/weight-gradient.ts';

/**
 * How a result follows all operands together, wherever they lie:
 * - `linear`: f(s·x + t·y) = s·f(x) + t·f(y)
 * - `product`: linear in each of two operands while the other is fixed
 * - `positive`: f(s·x) = s·f(x) for s > 0
 * - `invariant`: f(s·x) = f(x) for s > 0
 * - `none` of these
 */
export type Linearity = 'linear' | 'product' | 'positive' | 'invariant' | 'none';

/**
 * How a result follows operands ≥ 0, if it is ≥ 0 then: as above, or it is the operand itself (`same`) or the `sum` of two; `none`
 * also for a result that may be below 0.
 */
export type NonNegativeLinearity = Linearity | 'same' | 'sum';

/** A node of the primal program with its values in the program under construction. */
export interface PrimalNode<O extends Op = Op> {
  readonly id: NodeId;
  readonly op: O;
  /** Nodes of the primal program. */
  readonly inputs: readonly NodeId[];
  readonly operands: readonly Value[];
  readonly result: Value;
}

/** Writes the result of shape `shape` over zeros. Sums are float64, whatever the operands are. */
export type Kernel<O extends AppliedOp> = (
  op: O,
  operands: readonly Tensor[],
  shape: Shape,
  out: Numbers,
) => void;

/**
 * All that is known of the ops of one name. Programs are run, differentiated, simplified, counted and cut into other
 * batches by walks over their nodes that ask the rules, and know no op themselves. What is optional has a default that
 * is right for most ops; where it is not, programs cost more or are refused, and no result is wrong.
 */
export interface OpRule<O extends AppliedOp> {
  // What it is

  /** Number of operands; `some`: one or more. */
  readonly arity: 1 | 2 | 'some';
  /** Shape of the result; throws `TypeError` when the op cannot be applied to operands of these shapes. */
  shape(op: O, operands: readonly Shape[]): Shape;
  /** Equal for equal ops of that name; cheap, because it is computed for every node built. */
  key(op: O): string;
  /** Whether the (well-shaped) op gives its only operand back. Default: never. */
  changesNothing?(op: O, operands: readonly Shape[]): boolean;

  // What it computes and costs

  /** The interpreter's; `view`: the result holds the elements of the operand in the same order. */
  readonly kernel: Kernel<O> | 'view';
  /** Multiply-accumulates, for convolutions and matrix products. */
  macs(op: O, operands: readonly Shape[], shape: Shape): number;
  /** How many times the op's own work its adjoint takes. Default 1. */
  adjointWork?(op: O): number;

  // How the result follows the operands

  /**
   * The number that all elements of the result are, when it follows from operands of which some are uniform (`undefined`:
   * not). A product with zeros counts as zero, whatever the other factor.
   */
  uniform(
    op: O,
    operands: readonly (number | undefined)[],
    shapes: readonly Shape[],
    shape: Shape,
  ): number | undefined;
  linearity(op: O): Linearity;
  /** Default: as `linearity` says. */
  onNonNegative?(op: O): NonNegativeLinearity;

  // Derivatives

  /**
   * The derivative with respect to one operand, at the values of the primal run, as a linear map: forward mode applies it to
   * tangents, reverse mode applies its transpose to cotangents. At kinks the conventions of PyTorch hold: relu and clip have derivative 0
   * there, a max pool passes to the first maximum of its window. Asked only where `isSensitive`, and of an operand that
   * is not shared.
   */
  readonly derivative:
    ((b: ProgramBuilder, node: PrimalNode<O>, operand: number) => LinearMap) | 'zero almost everywhere';
  /** Whether a change of the operands changes the result, almost everywhere. Default: whether there is a derivative. */
  isSensitive?(op: O): boolean;
  /** Whether the derivative with respect to an operand is 0 where those operands are 0 that `zero` says. Default: never. */
  isFlat?(op: O, operand: number, zero: readonly boolean[], shape: Shape): boolean;
  /** For ops that may read a weight to differentiate by. */
  readonly weights?: WeightRule<O>;
  /** For ops that sum products of their first operand with weights, which are their second. */
  readonly layer?: LayerRule<O>;

  // Samples, along axis 0

  /** Whether row i of the result depends on row i of each operand alone, and there are as many. */
  keepsSamples(op: O, operands: readonly Shape[]): boolean;
  /** Whether an operand is one for all samples, as weights are. Default: none is. */
  isShared?(operands: readonly Shape[], operand: number): boolean;
  /** Whether it may sum over the samples, or read an operand of one row for all of them: norms in batch mode do. Default: no. */
  mayMix?(operand: Shape): boolean;
  /** The op for another number of rows, which `rows` puts into a shape. Default: it is the same. */
  withRows?(op: O, rows: (shape: Shape) => Shape): O;

  // What `simplify` may do

  /** The op on scaled operands. Default, also where undefined: as `linearity` lets factors pass. */
  rewrite?(r: Rewriter, op: O, operands: readonly Scaled[], shape: Shape): Scaled | undefined;
  /** Operands with which the result is `scale` times as large, where that is cheaper than another pass. */
  withFactor?(
    r: Rewriter,
    op: O,
    operands: readonly Value[],
    scale: number,
    shape: Shape,
  ): readonly Value[] | undefined;
  /** The one op that does what `op` does to the result of `inner`. */
  contracted?(op: O, inner: O): O | undefined;
  /** Another op that gives the same, and contracts with more. */
  instead?(op: O, operand: Shape): AppliedOp | undefined;
  /** Operands without what the op does to them by itself. */
  bare?(r: Rewriter, operands: readonly Value[]): readonly Value[];
  /** Whether it only moves elements into a result no smaller than the operands together: scaling those is no more work. */
  readonly movesWhole?: true;
}

/** How a node's value changes with single elements of a weight that it reads, sample by sample. */
export interface WeightRule<O extends AppliedOp> {
  /** Whether the operand may be a weight. */
  reads(op: O, operand: number): boolean;
  /** The contraction of the cotangent with what multiplies the elements. Those without influence are left out. */
  gradient(
    b: ProgramBuilder,
    node: PrimalNode<O>,
    operand: number,
    elements: readonly number[],
    cotangent: Laned,
  ): WeightGradient[];
  /** What meets one element, placed among zeros where its product lands; of the shape of the result. */
  tangent(b: ProgramBuilder, node: PrimalNode<O>, operand: number, element: number): Value;
}

/** Gradients by the whole weight of a layer. */
export interface LayerRule<O extends AppliedOp> {
  /** Of each sample alone, `[B, …]`. */
  gradient(b: ProgramBuilder, node: PrimalNode<O>, cotangent: Value): Value;
  /** Brings what `gradient` gives, or a sum of its rows, into the order of the weight. */
  inOrder(b: ProgramBuilder, gradient: Value): Value;
}

/** Rules of ops that move elements and leave them as they are. */
export const movesElements = {
  macs: () => 0,
  uniform: (_op: AppliedOp, [x]: readonly (number | undefined)[]) => x,
  linearity: (): Linearity => 'linear',
};

/** Whether the other of two factors is 0. */
export function otherIsZero(_op: AppliedOp, operand: number, zero: readonly boolean[]): boolean {
  return zero[1 - operand]!;
}
