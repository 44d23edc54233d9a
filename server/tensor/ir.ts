/**
 * Tensor programs: a small, static, first-order IR. Shapes are complete (the batch size of a chunk included), layouts
 * are channels-first, every node has one result. Programs are plain JSON-serialisable values: no functions, no typed
 * arrays (inline data is base64), so that a job can be hashed, stored and sent to another process or machine.
 *
 * Nodes are in topological order: a node's inputs have smaller indices.
 */

/** Index in `Program.nodes`. */
export type NodeId = number;

/** Where the values of a constant or an input come from. Drawn values depend only on (seed, name, shape). */
export type Source =
  /** Independent N(0, std²). */
  | { readonly kind: 'normal'; readonly name: string; readonly std: number }
  /** Independent ±1 (times `scale`), each with probability ½. */
  | { readonly kind: 'signs'; readonly name: string; readonly scale: number }
  | { readonly kind: 'fill'; readonly value: number }
  /** Little-endian values, row-major. */
  | { readonly kind: 'inline'; readonly dtype: 'float32' | 'float64'; readonly base64: string };

export type UnaryFn =
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'erf'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  /** 1 for x > 0, else 0; for a subnormal x any number between them. */
  | 'step'
  | 'abs'
  | 'square';

export type BinaryFn = 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | /** 1 where a = b, else 0 */ 'equal';

export type ReduceFn = 'sum' | 'mean' | 'max';

/** Before and after, per spatial axis: [top, left, bottom, right]. */
export type Pads = readonly [number, number, number, number];
export type Pair = readonly [number, number];

export type Op =
  /** A tensor known before the run (weights, masks). */
  | { readonly op: 'constant'; readonly source: Source }
  /** A tensor given per chunk: rows of the binding of that name, axis 0 being the samples of the chunk. */
  | { readonly op: 'input'; readonly name: string }
  /** x [B, I, H, W], w [O, I/groups, kh, kw] → [B, O, H', W']. Cross-correlation, as in PyTorch. Zero padding. */
  | {
      readonly op: 'conv2d';
      readonly stride: Pair;
      readonly pads: Pads;
      readonly dilation: Pair;
      readonly groups: number;
    }
  /** Product over the last two axes, after the given transpositions; leading axes are equal or absent in b (rank 2). */
  | { readonly op: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly op: 'unary'; readonly fn: UnaryFn }
  /** Numpy broadcasting between tensors of equal rank (extents equal or 1). */
  | { readonly op: 'binary'; readonly fn: BinaryFn }
  /** scale · x + shift, with scalars. */
  | { readonly op: 'affine'; readonly scale: number; readonly shift: number }
  /** min(max(x, low), high) */
  | { readonly op: 'clip'; readonly low: number; readonly high: number }
  /** Reduced axes are kept with extent 1. */
  | { readonly op: 'reduce'; readonly fn: ReduceFn; readonly axes: readonly number[] }
  /** Over the last axis. */
  | { readonly op: 'softmax' }
  /** Rank 4. `max`: padding is −∞. `sum`: padding is 0. (A mean is a sum times a constant.) */
  | {
      readonly op: 'pool';
      readonly fn: 'max' | 'sum';
      readonly kernel: Pair;
      readonly stride: Pair;
      readonly pads: Pads;
    }
  | {
      readonly op: 'pad';
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly value: number;
    }
  | {
      readonly op: 'slice';
      readonly start: readonly number[];
      /** Extent of the result. */
      readonly size: readonly number[];
      readonly step: readonly number[];
    }
  | { readonly op: 'concat'; readonly axis: number }
  /** Picks `indices` along `axis` (repetition allowed). */
  | { readonly op: 'gather'; readonly axis: number; readonly indices: readonly number[] }
  | { readonly op: 'reshape'; readonly shape: readonly number[] }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  /** Extents of 1 are repeated. */
  | { readonly op: 'broadcast'; readonly shape: readonly number[] }
  /** Rank 4: puts `stride − 1` zeros after each row and column, then crops or zero-pads at the end to [height, width]. */
  | { readonly op: 'dilate'; readonly stride: Pair; readonly height: number; readonly width: number }
  /** Rank 4, nearest neighbour. */
  | { readonly op: 'upsample'; readonly factor: Pair }
  /** w [O, I/groups, kh, kw] → [I, O/groups, kh, kw], rows and columns reversed: the kernel of the adjoint convolution. */
  | { readonly op: 'adjointKernel'; readonly groups: number }
  /** 1 at the first maximum along the last axis, 0 elsewhere. Not differentiable. */
  | { readonly op: 'argmaxOneHot' };

export type OpName = Op['op'];

/** The op of one name. */
export type OpOf<Name extends OpName> = Extract<Op, { readonly op: Name }>;

/** An op without operands. */
export type LeafOp = OpOf<'constant' | 'input'>;

/** An op with operands. */
export type AppliedOp = Exclude<Op, LeafOp>;

export function isLeaf(op: Op): op is LeafOp {
  return op.op === 'constant' || op.op === 'input';
}

/** Every name, for programs that come from another process. */
export const opNames: Readonly<Record<OpName, true>> = {
  constant: true,
  input: true,
  conv2d: true,
  matmul: true,
  unary: true,
  binary: true,
  affine: true,
  clip: true,
  reduce: true,
  softmax: true,
  pool: true,
  pad: true,
  slice: true,
  concat: true,
  gather: true,
  reshape: true,
  transpose: true,
  broadcast: true,
  dilate: true,
  upsample: true,
  adjointKernel: true,
  argmaxOneHot: true,
};

/** An op on the results of earlier nodes, and the shape of its own. */
export interface IrNode {
  readonly op: Op;
  readonly inputs: readonly NodeId[];
  readonly shape: readonly number[];
}

export interface ProgramOutput {
  readonly name: string;
  readonly node: NodeId;
  /**
   * How the results of chunks are put together. `samples`: axis 0 is the batch, and they are concatenated along it. Sums over samples
   * are those of stages (`staging/stages.ts`).
   */
  readonly gather: 'samples';
}

/** A tensor program for one chunk of samples: nodes in topological order, and which of them are results. */
export interface Program {
  /** Samples per chunk: the extent of axis 0 of every `input`. */
  readonly batch: number;
  readonly nodes: readonly IrNode[];
  readonly outputs: readonly ProgramOutput[];
}

/** A trainable tensor in a primal program: the constant that holds it, in declaration order. */
export interface ParamRef {
  readonly name: string;
  readonly node: NodeId;
  readonly shape: readonly number[];
}

/** A lowered network: the program up to the logits, and the parameters by which it can be differentiated. */
export interface PrimalProgram {
  readonly program: Program;
  readonly params: readonly ParamRef[];
  /** `[batch, classes]` */
  readonly logits: NodeId;
  /** Node of the program that holds the output of each network node, by id. */
  readonly nodeValues: readonly NodeId[];
}

/** A scalar weight to differentiate by: one flat (row-major) element of a parameter for every index set. */
export interface ChosenWeight {
  readonly param: ParamRef;
  /** Length M (index sets). */
  readonly elements: readonly number[];
}
