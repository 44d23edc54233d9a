import { comfortableAlone, largestDivisor, maxBatch } from '../chunk-size.ts';
import { programCost } from '../cost.ts';
import type { NodeId, Program } from '../ir.ts';
import { ChunkWriter, givenName, type Given } from './chunk.ts';
import { scheduleWithin, type PlannedStage, type Schedule } from './schedule.ts';
import { waysOf, type Way } from './ways.ts';

/** A value that a stage gets from earlier ones. */
export interface GivenInput {
  /** As the program of the stage calls it. */
  readonly name: string;
  readonly node: NodeId;
  /** `rows`: those of the chunk; `whole`: all of it, the same for every chunk. */
  readonly given: Given;
}

/** What a stage makes for later ones. */
export interface MadeOutput {
  readonly name: string;
  readonly node: NodeId;
  /** Of the whole value. */
  readonly shape: readonly number[];
  /** `rows`: the chunks one behind the other; otherwise their sum, times `factor`. */
  readonly gather: 'rows' | 'sum';
  readonly factor: number;
}

/** A part of a program that runs in chunks: what later parts need of all samples is known when it ends. */
export interface Stage {
  readonly program: Program;
  readonly chunks: number;
  readonly given: readonly GivenInput[];
  readonly made: readonly MadeOutput[];
  /** Nodes whose values no later stage reads. */
  readonly done: readonly NodeId[];
}

/** A program that mixes samples, cut into stages that run one after the other. */
export interface StagedProgram {
  readonly stages: readonly Stage[];
  /** Where the outputs of the program are among what stages made. */
  readonly outputs: readonly { readonly name: string; readonly node: NodeId }[];
  /** Most bytes of values of all samples that are kept at once between stages. */
  readonly keptBytes: number;
}

export interface StagingOptions {
  /** Bytes of values that may be kept between stages; at least what has to be there for all samples is. */
  readonly room: number;
  /** Bytes of intermediate values of a chunk. */
  readonly chunkRoom?: number;
}

/**
 * Cuts a program of N samples into stages, each of which runs on a few of them at a time. The results are those of the program within
 * the rounding of sums: what is summed over samples (the statistics of norms in batch mode and their cotangents, gradients by weights, covariances) is
 * summed over chunks in float64. Values that a later stage needs are kept for all samples, or computed again from others that
 * are: which, decides how much work it is for the memory it takes.
 *
 * @throws NotStageable for a program that does with samples what has no rule
 */
export function staged(program: Program, options: StagingOptions): StagedProgram {
  const ways = waysOf(program);
  const schedule = scheduleWithin(program, ways, options.room);
  return written(program, ways, schedule, options.chunkRoom ?? comfortableAlone);
}

function written(
  program: Program,
  ways: readonly Way[],
  { stages, bytes }: Schedule,
  chunkRoom: number,
): StagedProgram {
  const own: Stage[] = [];
  for (const stage of stages)
    if (stage.targets.length > 0)
      own.push(
        stage.isFixed ? writeFixed(program, ways, stage) : writeStage(program, ways, stage, chunkRoom),
      );
  return {
    stages: own,
    outputs: program.outputs.map(({ name, node }) => ({ name, node })),
    keptBytes: bytes,
  };
}

function writeStage(program: Program, ways: readonly Way[], stage: PlannedStage, chunkRoom: number): Stage {
  const single = chunkProgram(program, ways, stage, 1);
  const limit = Math.min(maxBatch, chunkRoom / Math.max(1, programCost(single).peakBytes));
  const batch = largestDivisor(program.batch, limit);
  return {
    program: batch === 1 ? single : chunkProgram(program, ways, stage, batch),
    chunks: program.batch / batch,
    given: givenTo(stage),
    made: stage.targets.map((node) => {
      const { term } = ways[node]!;
      return {
        name: String(node),
        node,
        shape: program.nodes[node]!.shape,
        gather: term === undefined ? 'rows' : 'sum',
        factor: term === 'mean' ? batch / program.batch : 1,
      };
    }),
    done: stage.done,
  };
}

/** What is one for all samples, in one run. */
function writeFixed(program: Program, ways: readonly Way[], stage: PlannedStage): Stage {
  return {
    program: chunkProgram(program, ways, stage, program.batch),
    chunks: 1,
    given: givenTo(stage),
    made: stage.targets.map((node) => ({
      name: String(node),
      node,
      shape: program.nodes[node]!.shape,
      gather: 'rows',
      factor: 1,
    })),
    done: [],
  };
}

function givenTo({ rows, whole }: PlannedStage): readonly GivenInput[] {
  return [
    ...rows.map((node): GivenInput => ({ name: givenName(node, 'rows'), node, given: 'rows' })),
    ...whole.map((node): GivenInput => ({ name: givenName(node, 'whole'), node, given: 'whole' })),
  ];
}

function chunkProgram(program: Program, ways: readonly Way[], stage: PlannedStage, batch: number): Program {
  const writer = new ChunkWriter(program, ways, batch);
  const order = [
    ...stage.rows.map((id) => ({
      id,
      make: () => {
        writer.give(id, 'rows');
      },
    })),
    ...stage.whole.map((id) => ({
      id,
      make: () => {
        writer.give(id, 'whole');
      },
    })),
    ...stage.computed.map((id) => ({
      id,
      make: () => {
        writer.write(id);
      },
    })),
  ].sort((a, b) => a.id - b.id);
  for (const { make } of order) make();
  return {
    batch,
    nodes: writer.nodes,
    outputs: stage.targets.map((id) => ({ name: String(id), node: writer.id(id), gather: 'samples' })),
  };
}
