import type { ScoreSettings } from './settings.ts';
import type { ProgramBuilder, Value } from '../tensor/builder.ts';
import { helmertContrasts } from './contrasts.ts';
import { smoothedProbabilityValues } from './smoothing.ts';

/** Cotangents of the logits, from which reverse mode starts: `value` `[batch, lanes, C]`. */
export interface Cotangents {
  readonly value: Value;
  readonly lanes: number;
}

/** Writes cotangents into a program that has the logits `[batch, C]`. */
export type CotangentWriter = (builder: ProgramBuilder, logits: Value) => Cotangents;

/** Some of the lanes, `from` … `to` − 1: a Jacobian may be computed in several passes. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Name of the input that holds the random signs of a sketch, `[N, R, C]`, ±1/√R. */
export const signsInput = 'signs';

/** Helmert contrasts `from … to − 1` of the C − 1, which together give all that F needs of the Jacobian. */
export function contrastCotangents({ from, to }: Range): CotangentWriter {
  return (builder, logits) =>
    sharedCotangents(builder, logits, helmertContrasts(logits.shape[1]!, from, to), to - from);
}

/** Unit vectors e_from … e_(to − 1) of the C classes: rows of the Jacobian itself. */
export function basisCotangents({ from, to }: Range): CotangentWriter {
  return (builder, logits) => {
    const classes = logits.shape[1]!;
    const rows = new Float64Array((to - from) * classes);
    for (let c = from; c < to; c++) {
      rows[(c - from) * classes + c] = 1;
    }
    return sharedCotangents(builder, logits, rows, to - from);
  };
}

function sharedCotangents(
  builder: ProgramBuilder,
  logits: Value,
  rows: Float64Array,
  lanes: number,
): Cotangents {
  const classes = logits.shape[1]!;
  const base64 = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength).toString('base64');
  const constant = builder.constant({ kind: 'inline', dtype: 'float64', base64 }, [1, lanes, classes]);
  return { value: builder.broadcast(constant, [builder.batch, lanes, classes]), lanes };
}

/**
 * A_n v for R sign vectors v per sample (docs/score.md#sketch), A Aᵀ = Σ; for the released code Lᵀ v (`released.ts`).
 * The signs are an input, drawn like every other random value.
 */
export function sketchCotangents(
  signsPerSample: number,
  { from, to }: Range,
  settings: Pick<ScoreSettings, 'softmax' | 'fisher'>,
): CotangentWriter {
  return (builder, logits) => {
    const [batch, classes, lanes] = [builder.batch, logits.shape[1]!, to - from];
    const all = builder.input(signsInput, [batch, signsPerSample, classes]);
    const signs = lanes === signsPerSample ? all : builder.slice(all, [0, from, 0], [batch, lanes, classes]);
    const { probabilities, scale } = smoothedProbabilityValues(builder, logits, settings.softmax);
    const p = builder.reshape(probabilities, [batch, 1, classes]);
    const root = settings.fisher === 'paper' ? paperRoot(builder, p, signs) : releasedRoot(builder, p, signs);
    return {
      value: scale === undefined ? root : builder.mul(root, builder.reshape(scale, [batch, 1, 1])),
      lanes,
    };
  };
}

/** (diag(√p) − p √pᵀ) v = √p ⊙ v − p (√p · v) */
function paperRoot(builder: ProgramBuilder, p: Value, signs: Value): Value {
  const weighted = builder.mul(builder.unary('sqrt', p), signs);
  return builder.sub(weighted, builder.mul(p, builder.reduce('sum', weighted, [2])));
}

/** Lᵀ v: element j is ℓ_jj v_j − √(p_j / (q_{j−1} q_j)) Σ_{i > j} p_i v_i, with q_j = Σ_{i > j} p_i. */
function releasedRoot(builder: ProgramBuilder, p: Value, signs: Value): Value {
  const classes = p.shape[2]!;
  const later = laterClasses(builder, classes);
  const tail = builder.matmul(p, later);
  const before = builder.add(tail, p);
  // The last tail is 0, and so are the products that are divided by it.
  const safeTail = builder.clip(tail, 1e-20, 1);
  const diagonal = builder.unary('sqrt', builder.binary('div', builder.mul(p, tail), before));
  const column = builder.unary('sqrt', builder.binary('div', p, builder.mul(before, safeTail)));
  const laterSum = builder.matmul(builder.mul(p, signs), later);
  return builder.sub(builder.mul(diagonal, signs), builder.mul(column, laterSum));
}

/** `[C, C]` with 1 where row > column: x · later sums the classes after each. */
function laterClasses(builder: ProgramBuilder, classes: number): Value {
  const entries = new Float64Array(classes * classes);
  for (let i = 0; i < classes; i++) {
    entries.fill(1, i * classes, i * classes + i);
  }
  const base64 = Buffer.from(entries.buffer).toString('base64');
  return builder.constant({ kind: 'inline', dtype: 'float64', base64 }, [classes, classes]);
}
