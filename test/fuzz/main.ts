// npm run fuzz: tries random inputs on all parts of the program, for as long as it is told.
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { writeSection } from '../../bench/page.ts';
import { Campaign } from './campaign.ts';
import { readFinding } from './findings.ts';
import { loadTargets } from './modules.ts';
import { Trial } from './trial.ts';

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly workers: number;
  readonly replay?: string;
  readonly write?: true;
}

/** Has the counts of the last campaign. */
const page = resolve(import.meta.dirname, '../../docs/reliability.md');

const module = await loadTargets();
const names = module.targets.map(({ name }) => name);

async function main(): Promise<void> {
  const command = new Command('fuzz')
    .description('try random inputs on all parts of the program (docs/reliability.md)')
    .addOption(new Option('--minutes <n>', 'how long').argParser(positive).default(1))
    .addOption(
      new Option('--seed <n>', 'the same cases again')
        .argParser(whole)
        .default(Math.floor(Math.random() * 2 ** 31), 'a fresh one'),
    )
    .addOption(
      new Option('--only <targets>', `some of: ${names.join(', ')}`).argParser(list).default(names, 'all'),
    )
    .addOption(new Option('--workers <n>', 'processes').argParser(whole).default(cpus().length, 'one a core'))
    .addOption(new Option('--replay <file>', 'try the input of a finding again'))
    .option('--write', 'put the counts into docs/reliability.md')
    .parse();
  const options = command.opts<Options>();
  process.exitCode = await (options.replay === undefined ? campaign(options) : replay(options.replay));
}

async function campaign({ only, seed, workers, minutes, write }: Options): Promise<number> {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  say(`Seed ${seed}, ${workers} processes, ${minutes} minutes: ${only.join(', ')}`);
  const running = new Campaign({ module, targets: only, seed, workers: Math.max(1, workers), minutes, say });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      say(`Stopped by ${signal}.`);
      running.stop();
    });
  const { cases, findings, coreHours } = await running.run();
  const sum = [...cases.values()].reduce((total, count) => total + count, 0);
  say(
    `${sum.toLocaleString('en')} cases in ${coreHours.toFixed(2)} core-hours, seed ${seed}: ` +
      (findings.length === 0 ? 'nothing found.' : `${findings.length} found.`),
  );
  if (write === true)
    writeSection(page, 'The last campaign', [
      `Seed ${seed}, ${workers} processes, ${minutes} minutes (${coreHours.toFixed(1)} hours of processor time), ${new Date().toISOString().slice(0, 10)},`,
      `Node ${process.version}: ${findings.length} findings.`,
      '',
      '| target | cases |',
      '|---|--:|',
      ...[...cases].map(([name, count]) => `| ${name} | ${count.toLocaleString('en')} |`),
    ]);
  return findings.length === 0 ? 0 : 1;
}

async function replay(file: string): Promise<number> {
  const { target, inputs } = readFinding(file);
  const trial = new Trial(module);
  const failure = await trial.run(target, inputs);
  await trial.end();
  process.stdout.write(failure === undefined ? 'It does not fail any more.\n' : `${failure.text}\n`);
  return failure === undefined ? 0 : 1;
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 10_000)) throw new InvalidArgumentError('Use a number above 0.');
  return value;
}

function list(text: string): readonly string[] {
  const chosen = text.split(',');
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no "${unknown}"; there are ${names.join(', ')}.`);
  return chosen;
}

await main();
