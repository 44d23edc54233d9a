import type { EvaluatedConstants } from '../tensor/interpret.ts';
import type { Program } from '../tensor/ir.ts';
import type { EngineInfo } from './engine.ts';
import type { Scratch } from './scratch.ts';

/** Named arrays, row-major, as many values as the program's shapes say. */
export type Arrays = Readonly<Record<string, Float32Array>>;

/** A program made ready to run on one chunk of samples after another. */
export interface CompiledProgram {
  /** Runs one chunk. The caller may keep the results. */
  run(inputs: Arrays): Promise<Arrays>;
  release(): Promise<void>;
}

export interface CompileOptions {
  /** Whether memory is spared for time: large weights are not copied into the order in which kernels read them fastest. */
  readonly isSparing?: boolean;
}

/** A library that runs tensor programs. Lives in the engine process; may block its thread. */
export interface Executor {
  readonly info: EngineInfo;
  /** Bytes of the constants of a program that the library keeps, or has while it compiles, beside those that are evaluated. */
  keptBytes(program: Program, options?: CompileOptions): number;
  /**
   * `evaluated` holds its arrays until the program is released. `evaluated.run` may hold nodes that depend on constants only (repetitions): they are computed here, once.
   *
   * @throws EngineFailure `unsupported` when the program uses something the library cannot run
   */
  compile(
    program: Program,
    evaluated: EvaluatedConstants,
    scratch: Scratch,
    options?: CompileOptions,
  ): Promise<CompiledProgram>;
}
