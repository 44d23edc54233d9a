import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { benchEditor, editorFiles } from './editor.ts';
import { print } from './report.ts';
import { benchScoring } from './scoring.ts';

/** `bench`: speed and memory of scoring, latency of the editor; medians of alternating repetitions. */
async function main(): Promise<void> {
  const command = new Command('bench')
    .description('measure scoring and the language server')
    .addOption(
      new Option('--repetitions <n>', 'times each measurement is repeated').argParser(count).default(5),
    )
    .addOption(new Option('--threads <n>', 'threads of the engine').argParser(count).default(2))
    .addOption(
      new Option('--engine <name>', 'engine to measure')
        .choices(['onnx-cpu', 'tfjs-wasm'])
        .default('onnx-cpu'),
    )
    .addOption(new Option('--only <part>', 'measure one part only').choices(['scoring', 'editor']))
    .parse();
  const { repetitions, threads, engine, only } = command.opts<{
    repetitions: number;
    threads: number;
    engine: 'onnx-cpu' | 'tfjs-wasm';
    only?: 'scoring' | 'editor';
  }>();

  process.stdout.write(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}\n\n`,
  );
  if (only !== 'editor') {
    const title = `NAS-Bench-201, all conv3x3, ${engine}, ${threads} threads`;
    print(title, await benchScoring(engine, threads, repetitions));
  }
  if (only !== 'scoring') {
    const files = editorFiles(checkout());
    if ('missing' in files) {
      process.stdout.write(`language server: skipped, there is no ${files.missing}\n`);
    } else {
      print('language server over stdio', await benchEditor(files, repetitions));
    }
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError('Use a whole number from 1 to 9999.');
  }
  return Number(text);
}

/** The folder with package.json, above the bundle or the source. */
function checkout(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

void main();
