import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { readMessage, type EvaluationMessage } from '../../server/evaluation/stream.ts';
import { cudaFolder } from '../../server/protocol/protocol.ts';
import { namedAggregates, type ProxyAggregate } from '../../server/proxies/aggregates.ts';
import type { EvaluationRequest } from './protocol.ts';

/** The settings of the engine, as `archlens.engine` has them. */
export interface EngineArguments {
  readonly choice: string;
  /** 0: as many as the command line takes. */
  readonly threads: number;
  /** Empty: where the extension installs it. */
  readonly cudaPath: string;
}

export interface RunOptions {
  /** The command-line program. */
  readonly program: string;
  /** Folder of the extension's own files. Journals are kept there, so that what was computed is not computed again. */
  readonly storage: string;
  /** Version of the extension. */
  readonly version: string;
  readonly engine: EngineArguments;
  /** Those the user has named in the settings. */
  readonly aggregates: readonly ProxyAggregate[];
  readonly onMessage: (message: EvaluationMessage) => void;
}

/** An evaluation in a process of its own, behind what the editor computes. */
export interface Run {
  readonly cancel: () => void;
  /** Resolves when the process has ended; to why it failed, unless it did its work or was cancelled. */
  readonly ended: Promise<string | undefined>;
}

export function runEvaluation(request: EvaluationRequest, options: RunOptions): Run {
  mkdirSync(journalFolder(options.storage), { recursive: true });
  const child = spawn(
    process.execPath,
    [options.program, 'evaluate', ...argumentsOf(request, options), '--stream'],
    {
      // In the desktop's editor the executable is Electron.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let cancelled = false;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = readMessage(line);
    if (message !== undefined) options.onMessage(message);
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.on('spawn', () => {
      yieldTo(child.pid);
    });
    child.on('error', (error) => {
      resolve(`The evaluation could not be started: ${error.message}.`);
    });
    child.on('close', (code) => {
      const text = errors.trim();
      if (code === 0 || cancelled) resolve(undefined);
      else resolve(text === '' ? `The evaluation ended with code ${String(code)}.` : text);
    });
  });
  return {
    cancel: () => {
      cancelled = true;
      child.kill();
    },
    ended,
  };
}

/** Typing comes first: its engine gets the processor when both want it. */
function yieldTo(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, 10);
  } catch {
    // Not allowed here: both get their share.
  }
}

/** What the command line is told after `evaluate`. */
export function argumentsOf(
  request: EvaluationRequest,
  options: Omit<RunOptions, 'program' | 'onMessage'>,
): readonly string[] {
  const { file, target } = request;
  if (request.kind === 'columns')
    return ['--scores', file, '--target', target, '--score', ...request.columns];
  const { storage, version, engine } = options;
  const { genotype, dataSet, proxies, sample } = request;
  // A journal of another version or engine would be refused, and here nobody could name another one.
  const journal = createHash('sha256')
    .update(JSON.stringify([version, engine.choice, file, dataSet]))
    .digest('hex');
  return [
    ...['--benchmark', file, '--target', target, '--genotype', genotype, '--dataset', dataSet],
    ...['--setting', 'live', '--proxies', ...proxies],
    ...aggregateArguments(proxies, options.aggregates),
    ...engineArguments(engine, storage),
    ...['--journal', join(journalFolder(storage), `${journal.slice(0, 16)}.journal`)],
    ...(sample === undefined ? [] : ['--sample', String(sample)]),
  ];
}

/** The engine that the editor's scores are of. A path that is not absolute counts for nothing there either. */
function engineArguments({ choice, threads, cudaPath }: EngineArguments, storage: string): readonly string[] {
  const cuda = cudaPath === '' ? join(storage, cudaFolder) : cudaPath;
  return [
    ...['--engine', choice],
    ...(isAbsolute(cuda) ? ['--cuda-path', cuda] : []),
    ...(threads === 0 ? [] : ['--threads', String(threads)]),
  ];
}

/** Aggregates of the user whose parts are all computed. Who names some must name the published ones too, which are shown otherwise. */
function aggregateArguments(
  proxies: readonly string[],
  aggregates: readonly ProxyAggregate[],
): readonly string[] {
  const computed = ({ parts }: ProxyAggregate): boolean => parts.every((part) => proxies.includes(part));
  const own = aggregates.filter(
    // What the command line could not tell from an option or a sum.
    (aggregate) => computed(aggregate) && /^[^-=+][^=+]*$/.test(aggregate.name),
  );
  if (own.length === 0) return [];
  const named = namedAggregates.filter(
    (aggregate) => computed(aggregate) && own.every(({ name }) => name !== aggregate.name),
  );
  return [
    '--aggregate',
    ...named.map(({ name }) => name),
    ...own.map(({ name, parts }) => `${name}=${parts.join('+')}`),
  ];
}

function journalFolder(storage: string): string {
  return join(storage, 'evaluations');
}
