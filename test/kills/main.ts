// npm run kills -- [--kills N] [--seed S]: kills engines, servers and commands at random, and compares all results.
import { join } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { build, isBuilt } from '../../scripts/build.mjs';
import { campaign, reportLines } from './campaign.ts';
import { sessions } from './sessions.ts';

const dist = join(import.meta.dirname, '../../dist');

const options = new Command('kills')
  .description(
    'kill engines, servers and commands of its own at random, and compare all results with undisturbed ones',
  )
  .option('--kills <n>', 'how many', whole, 1000)
  .option('--per-session <n>', 'most in one session', whole, 25)
  .option('--seed <n>', 'of the random choices', whole, Date.now() % 1_000_000)
  .parse()
  .opts<{ kills: number; perSession: number; seed: number }>();

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return Number(text);
}

if (process.platform !== 'linux') {
  console.error('Only Linux tells what is needed of the processes of others.');
  process.exit(2);
}
if (!isBuilt()) await build();
console.log(`seed ${options.seed}`);
const report = await campaign({
  programs: { cli: join(dist, 'cli.cjs'), server: join(dist, 'server.cjs') },
  sessions,
  ...options,
  log: (line) => {
    console.log(line);
  },
});
console.log(reportLines(report).join('\n'));
process.exitCode = report.findings.length === 0 ? 0 : 1;
