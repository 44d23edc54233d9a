import type { ProgramBuilder, Value } from '../tensor/builder.ts';
import type { Source } from '../tensor/ir.ts';
import type { Shape } from './shape.ts';

/** A checked argument value: `3x3` is `[3, 3]`. */
export type ArgValue = number | boolean | string | readonly number[];

/** What may be given for an argument of an op. */
export type ArgType =
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'boolean' }
  /** `3x3`, or a single integer standing for both: always arrives as `[height, width]`. */
  | { readonly kind: 'extent'; readonly min: number; readonly max: number }
  /** `same`, `same_tf`, `valid`, or an explicit extent ≥ 0: arrives as the string or as `[height, width]`. */
  | { readonly kind: 'padding' }
  | { readonly kind: 'enum'; readonly values: readonly string[] };

/** An argument that an op takes; the order in `OpDefinition.args` is that of arguments without a name. */
export interface ArgSpec {
  readonly name: string;
  readonly type: ArgType;
  /** Absent (and no `defaultFrom`): the argument is required. */
  readonly default?: ArgValue;
  /** Name of an argument before this one whose value is the default: pooling strides by its kernel. */
  readonly defaultFrom?: string;
  /** One sentence, shown on hover and in signatures. */
  readonly doc: string;
}

/** A trainable tensor an op owns, in declaration order (weight before bias). */
export interface ParamSpec {
  /** `weight`, `bias`, `qkv.weight` …: the tensor is called `<path of the op>/<name>`. */
  readonly name: string;
  /** Conv `[out, in / groups, kh, kw]`, dense `[out, in]`, norm `[channels]`, as in PyTorch. */
  readonly shape: Shape;
  readonly init: ParamInit;
}

/**
 * How a parameter starts (docs/score.md#initialisation): convs and linears Kaiming normal with fan-in (std √(2 / fanIn)),
 * norms 1 and 0, biases 0, learned tokens and position embeddings normal with a `std` of their own.
 */
export type ParamInit =
  | { readonly kind: 'kaiming'; readonly fanIn: number }
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'fill'; readonly value: number };

/** What the functions of an op are given: one call, with its arguments checked and complete. */
export interface OpContext {
  /** Shapes of the inputs: the current tensor first, then named tensors given as arguments. */
  readonly inputs: readonly Shape[];
  readonly args: Readonly<Record<string, ArgValue>>;
}

/**
 * What batch norms do: `eval` with running mean 0 and variance 1, as at initialisation (docs/score.md#norms); `batch` with mean
 * and variance of the samples of the program, which then mixes them (`tensor/transforms/pull-back.ts` differentiates it); or
 * with constants that were made before.
 */
export type NormMode = 'eval' | 'batch' | FrozenNorms;

/** Mean and variance of every batch norm, as constants. */
export interface FrozenNorms {
  /** Of the norm of that number, in the order of the program, from 0: `[channels]` each. */
  readonly statistics: (norm: number) => { readonly mean: Source; readonly variance: Source };
  /** In place of the ε of the norms, where it is given. */
  readonly eps?: number;
}

/** (x − mean) / √(variance + eps) of a batch norm whose channels are at `axis` of a batched value. */
export type Normalise = (x: Value, axis: number, eps: number) => Value;

/** The same call while the network is written as a tensor program. */
export interface LoweringContext extends OpContext {
  readonly builder: ProgramBuilder;
  readonly normalise: Normalise;
  /** Batched values `[batch, …shape]`, one per input. */
  readonly values: readonly Value[];
  /** The tensor of `ParamSpec.name`, with exactly the declared shape (no batch dimension). */
  readonly param: (name: string) => Value;
}

/** Thrown by `shape` when the op cannot be applied to its inputs. */
export class ShapeError extends Error {
  /** What the user can do about it, one sentence. */
  readonly remedy: string;
  readonly code: 'shape-mismatch' | 'groups-mismatch' | 'size-vanishes' | 'number-range';
  readonly changes: readonly OpChange[];
  constructor(
    message: string,
    remedy: string,
    details: { readonly code?: ShapeError['code']; readonly changes?: readonly OpChange[] } = {},
  ) {
    super(message);
    this.name = 'ShapeError';
    this.remedy = remedy;
    this.code = details.code ?? 'shape-mismatch';
    this.changes = details.changes ?? [];
  }
}

/** A change of how an op is used that makes its shapes fit: other text for an argument, or an op before it. */
export type OpChange =
  | { readonly kind: 'argument'; readonly name: string; readonly text: string }
  | { readonly kind: 'before'; readonly op: string };

/**
 * Everything Archlens knows about one operation. One file each under `ops/`; adding an op is adding a file
 * (and its line in `ops/index.ts`).
 */
export interface OpDefinition {
  readonly name: string;
  /** One line for hovers and completion. */
  readonly summary: string;
  /** Markdown: the formula, what it is for, paper. */
  readonly doc: string;
  readonly args: readonly ArgSpec[];
  /** How many tensors besides the current one may be given (`add(x)`, `concat(x, y)`). Default 0. */
  readonly extraInputs?: { readonly min: number; readonly max: number };
  /** What sort of op it is: shown beside its name in completion; linter, fixes and alternatives look for ops of a sort. */
  readonly category:
    'layer' | 'norm' | 'activation' | 'pool' | 'shape' | 'merge' | 'composite' | 'nas-bench-201';
  /** Output shape of one sample. Throws `ShapeError`. */
  shape(context: OpContext): Shape;
  /** Trainable tensors in declaration order (which decides what is read: docs/score.md#chosen-weights). */
  params?(context: OpContext): readonly ParamSpec[];
  /**
   * Multiply-accumulates of convs, linears and attention products for one sample; 0 when absent. Adding a bias counts as
   * one, as in the table of NAS-Bench-201; norms, activations, pooling and sums do not count.
   */
  macs?(context: OpContext): number;
  /** Trainable layers: convs and linears (ℵ, docs/score.md#vkdnw_single); 0 when absent. */
  layers?(context: OpContext): number;
  /** Writes the op as tensor program. Never sees an engine. */
  lower(context: LoweringContext): Value;
}

/** Whether an op is about other tensors than the current one, as `add(x)` is; some ops may be given one. */
export function needsTensors({ extraInputs }: OpDefinition): boolean {
  return extraInputs !== undefined && extraInputs.min > 0;
}

/** The source that draws or fills a parameter; its values depend only on `name`, shape and seed. */
export function paramSource(name: string, init: ParamInit): Source {
  switch (init.kind) {
    case 'kaiming':
      return { kind: 'normal', name, std: Math.sqrt(2 / init.fanIn) };
    case 'normal':
      return { kind: 'normal', name, std: init.std };
    case 'fill':
      return { kind: 'fill', value: init.value };
  }
}
