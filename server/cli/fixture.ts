import * as v from 'valibot';
import { reasonOf } from '../base/file-error.ts';
import { readBytesAsync } from '../base/read-file.ts';
import { decodeUtf8 } from '../base/decode.ts';
import { own } from '../base/own.ts';

const numbers = v.array(v.number());
const extent = v.pipe(v.number(), v.integer(), v.minValue(1));
/** A network of more cells is no fixture, and would take long to build. */
const mostCells = 100;

const resultSchema = v.object({
  eigenvalues_ascending: numbers,
  trace: v.number(),
  deciles: numbers,
  entropy: v.number(),
});

const fixtureSchema = v.object({
  arch: v.string(),
  C: extent,
  N: v.pipe(extent, v.maxValue(mostCells)),
  batch: extent,
  res: extent,
  classes: extent,
  named_params: v.array(v.object({ name: v.string(), shape: v.array(extent) })),
  chosen: v.pipe(v.array(v.string()), v.minLength(1)),
  weights_b64_f32: v.record(v.string(), v.string()),
  x_b64_f32: v.string(),
  logits: v.array(numbers),
  probs_smoothed: v.array(numbers),
  J_b64_f64: v.string(),
  results: v.object({ paper: resultSchema, code: resultSchema }),
});

/** Spectrum of one formula, as an independent float64 program computed it. */
export interface ExpectedSpectrum {
  readonly eigenvalues: readonly number[];
  readonly deciles: readonly number[];
  readonly entropy: number;
}

/** A NAS-Bench-201 network with its weights, input, and everything that follows from them in float64. */
export interface Fixture {
  /** Genotype string. */
  readonly genotype: string;
  /** Channels of the first stage. */
  readonly channels: number;
  /** Cells per stage. */
  readonly cells: number;
  /** Images. */
  readonly samples: number;
  /** Height and width of the input. */
  readonly resolution: number;
  readonly classes: number;
  /** All trainable tensors in declaration order. */
  readonly params: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** How many of them, from the first, the Jacobian covers. */
  readonly weights: number;
  /** Float32 values by name; tensors not listed are norm weights (1) or biases (0). */
  readonly values: ReadonlyMap<string, string>;
  /** Float32 `[samples, 3, resolution, resolution]`, base64. */
  readonly input: string;
  /** `[samples, classes]` */
  readonly logits: Float64Array;
  /** `[samples, classes]`, smoothed. */
  readonly probabilities: Float64Array;
  /** `[samples, classes, weights]` */
  readonly jacobian: Float64Array;
  readonly expected: Readonly<Record<'paper' | 'released', ExpectedSpectrum>>;
}

/** A file that is not a fixture, with what is wrong in it. */
export class FixtureError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FixtureError';
  }
}

/** Reads and checks a fixture file. @throws FixtureError */
export async function readFixture(path: string): Promise<Fixture> {
  const parsed = v.safeParse(fixtureSchema, parseJson(await read(path)));
  if (!parsed.success) throw new FixtureError(`not a fixture: ${explain(parsed.issues[0])}`);
  const file = parsed.output;
  const weights = file.chosen.length;
  const expectedChosen = file.named_params.slice(0, weights).map(({ name }) => name);
  if (file.chosen.join() !== expectedChosen.join()) {
    throw new FixtureError('not a fixture: chosen must be the first of named_params');
  }
  requireFloat32('x_b64_f32', file.x_b64_f32, file.batch * 3 * file.res ** 2);
  for (const { name, shape } of file.named_params) {
    const values = own(file.weights_b64_f32, name);
    const count = shape.reduce((product, extent) => product * extent, 1);
    if (values !== undefined) requireFloat32(`weights_b64_f32.${name}`, values, count);
  }
  return {
    genotype: file.arch,
    channels: file.C,
    cells: file.N,
    samples: file.batch,
    resolution: file.res,
    classes: file.classes,
    params: file.named_params,
    weights,
    values: new Map(Object.entries(file.weights_b64_f32)),
    input: file.x_b64_f32,
    logits: matrix('logits', file.logits, file.batch, file.classes),
    probabilities: matrix('probs_smoothed', file.probs_smoothed, file.batch, file.classes),
    jacobian: decodeFloat64('J_b64_f64', file.J_b64_f64, file.batch * file.classes * weights),
    expected: {
      paper: spectrum(file.results.paper, weights),
      released: spectrum(file.results.code, weights),
    },
  };
}

/** Bytes of a fixture that are read. */
const mostBytes = 256 * 2 ** 20;

async function read(path: string): Promise<string> {
  try {
    return decodeUtf8(await readBytesAsync(path, mostBytes), path);
  } catch (error) {
    throw new FixtureError(`cannot be read: ${reasonOf(error)}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // It quotes the text, which may be anything.
    throw new FixtureError(`not JSON: ${(error as Error).message.replaceAll(/[^\x20-\x7e]/g, '?')}`);
  }
}

/** A field and what is wrong with it. */
function explain(issue: v.InferIssue<typeof fixtureSchema>): string {
  const field = v.getDotPath(issue) ?? 'the file';
  if (issue.received === 'undefined') return `${field} is missing`;
  const received = issue.received.length > 40 ? `${issue.received.slice(0, 40)}…` : issue.received;
  return `${field} must be ${issue.expected ?? 'something else'}, not ${received}`;
}

function spectrum(result: v.InferOutput<typeof resultSchema>, weights: number): ExpectedSpectrum {
  if (result.eigenvalues_ascending.length !== weights || result.deciles.length !== 9) {
    throw new FixtureError(`not a fixture: results need ${weights} eigenvalues and 9 deciles`);
  }
  return {
    eigenvalues: result.eigenvalues_ascending,
    deciles: result.deciles,
    entropy: result.entropy,
  };
}

function matrix(
  field: string,
  rows: readonly (readonly number[])[],
  count: number,
  width: number,
): Float64Array {
  if (rows.length !== count || rows.some((row) => row.length !== width)) {
    throw new FixtureError(`not a fixture: ${field} must be ${count} rows of ${width} numbers`);
  }
  return Float64Array.from(rows.flat());
}

function requireFloat32(field: string, base64: string, count: number): void {
  if (Buffer.from(base64, 'base64').length !== 4 * count) {
    throw new FixtureError(`not a fixture: ${field} must hold ${count} float32 numbers`);
  }
}

function decodeFloat64(field: string, base64: string, count: number): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 8 * count) {
    throw new FixtureError(`not a fixture: ${field} must hold ${count} float64 numbers`);
  }
  return Float64Array.from({ length: count }, (_, index) => bytes.readDoubleLE(8 * index));
}
