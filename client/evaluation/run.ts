import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { readMessage, type EvaluationMessage } from '../../server/evaluation/stream.ts';
import type { EvaluationRequest } from './protocol.ts';

export interface RunOptions {
  /** The command-line program. */
  readonly program: string;
  /** Where journals are kept: what was computed is not computed again. */
  readonly folder: string;
  readonly engine: string;
  readonly onMessage: (message: EvaluationMessage) => void;
}

/** An evaluation in a process of its own, behind what the editor computes. */
export interface Run {
  readonly cancel: () => void;
  /** Resolves when the process has ended; to why it failed, unless it did its work or was cancelled. */
  readonly ended: Promise<string | undefined>;
}

export function runEvaluation(request: EvaluationRequest, options: RunOptions): Run {
  mkdirSync(options.folder, { recursive: true });
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

function argumentsOf(request: EvaluationRequest, { folder, engine }: RunOptions): readonly string[] {
  const { file, target } = request;
  if (request.kind === 'columns')
    return ['--scores', file, '--target', target, '--score', ...request.columns];
  const { genotype, dataSet, proxies, sample } = request;
  const journal = createHash('sha256')
    .update(JSON.stringify([file, dataSet]))
    .digest('hex');
  return [
    ...['--benchmark', file, '--target', target, '--genotype', genotype, '--dataset', dataSet],
    ...['--setting', 'live', '--engine', engine, '--proxies', ...proxies],
    ...['--journal', join(folder, `${journal.slice(0, 16)}.journal`)],
    ...(sample === undefined ? [] : ['--sample', String(sample)]),
  ];
}
