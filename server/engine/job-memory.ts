import { programCost } from '../tensor/cost.ts';
import type { Program } from '../tensor/ir.ts';
import { splitConstants } from '../tensor/liveness.ts';
import { count } from '../tensor/shapes.ts';
import type { StagedProgram } from '../tensor/staging/stages.ts';
import type { TensorJob } from './engine.ts';
import type { CompileOptions, Executor } from './executor.ts';

/** What a job takes of the memory of the engine process at its peak, in bytes. */
export interface JobMemory {
  /** Weights and what is computed of them beforehand: as drawn, and as the library of the engine keeps them. */
  readonly weights: number;
  /** Samples, intermediate values, results. */
  readonly values: number;
  /** The process without a job, too. */
  readonly total: number;
}

/** An engine process that has loaded its library, and the text of a large program. */
const ofProcess = 180e6;
/** Intermediate values as the library lays them out: memory that it has let go of is not all used again. */
const laidOut = 1.2;

const bytesPerValue = 4;

/** Predicts from shapes alone what a job takes, before anything of it is there. */
export function jobMemory(
  executor: Executor,
  { program, chunks }: TensorJob,
  stages?: StagedProgram,
  options: CompileOptions = {},
): JobMemory {
  const given = sum(program.nodes.map(({ op, shape }) => (op.op === 'input' ? chunks * bytes(shape) : 0)));
  const results = sum(program.outputs.map(({ node }) => chunks * bytes(program.nodes[node]!.shape)));
  const parts = (stages?.stages ?? [{ program }]).map(({ program: part }) => ({
    weights: drawnBytes(part) + executor.keptBytes(part, options),
    values: laidOut * programCost(part).peakBytes,
  }));
  const largest = parts.reduce((a, b) => (a.weights + a.values < b.weights + b.values ? b : a));
  const values = given + results + (stages?.keptBytes ?? 0) + largest.values;
  return { weights: largest.weights, values, total: ofProcess + largest.weights + values };
}

/** What the run reads: what is dropped on the way to it is free by the time that the library has its copies. */
function drawnBytes(program: Program): number {
  const { constants } = splitConstants(program);
  return sum(constants.map((id) => bytes(program.nodes[id]!.shape)));
}

function bytes(shape: readonly number[]): number {
  return bytesPerValue * count(shape);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
