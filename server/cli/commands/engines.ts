import process from 'node:process';
import type { Command } from 'commander';
import { formatSpeed } from '../../base/quantities.ts';
import { exitCode } from '../../base/exit-codes.ts';
import type { EngineReport } from '../../engine/pool/report.ts';
import { openEngines } from '../engine.ts';
import { print, printData } from '../output.ts';
import { addEngineOptions, type EngineFlags } from '../score-options.ts';
import { formatTable, type Column } from '../reports/table.ts';
import { interruptible, ProgressBar, sayCancelled } from '../terminal.ts';

type Flags = EngineFlags & { readonly json?: boolean };

export function registerEngines(program: Command): void {
  addEngineOptions(
    program
      .command('engines')
      .description('test every engine of this machine: device, speed, and why one cannot be used')
      .option('--json', 'print an array of objects'),
  ).action(engines);
}

async function engines(flags: Flags): Promise<void> {
  const progress = new ProgressBar();
  const { reports, isCancelled } = await interruptible(async (signal) => {
    const pool = openEngines(flags);
    const stop = (): void => void pool.dispose();
    signal.addEventListener('abort', stop);
    try {
      const reports = await pool.survey((known) => {
        const testing = known.findIndex(({ state }) => state === 'testing');
        if (testing >= 0) progress.update(testing / known.length, `testing ${known[testing]!.name}`);
      });
      return { reports, isCancelled: signal.aborted };
    } finally {
      progress.clear();
      await pool.dispose();
    }
  });
  if (isCancelled) {
    sayCancelled();
    return;
  }
  if (flags.json === true) printData(`${JSON.stringify(reports, undefined, 2)}\n`);
  else print(`${describe(reports).join('\n')}\n`);
  process.exitCode = reports.some(({ state }) => state === 'in-use') ? exitCode.ok : exitCode.failed;
}

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'engine', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'GFLOP/s', align: 'right' },
  { title: 'device', align: 'left' },
  { title: 'library', align: 'left' },
];

function describe(reports: readonly EngineReport[]): string[] {
  const rows = reports.map(({ name, state, gflops, device, version }) => [
    state === 'in-use' ? '*' : '',
    name,
    state.replace('-', ' '),
    gflops === undefined ? '–' : formatSpeed(gflops),
    device ?? '–',
    version ?? '–',
  ]);
  const reasons = reports.flatMap(({ name, reason }) =>
    reason === undefined ? [] : [`  ${name}: ${reason}`],
  );
  return [
    ...formatTable(columns, rows),
    '',
    ...(reasons.length === 0 ? [] : ['Not available:', ...reasons, '']),
    '* takes the jobs. GFLOP/s: convolutions as scores are made of, transfers included.',
  ];
}
