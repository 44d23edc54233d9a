import { basename } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { exitCode } from '../base/exit-codes.ts';
import { EngineFailure, type EngineChoice, type EngineClient } from '../engine/engine.ts';
import { FisherFailure } from '../fisher/failure.ts';
import { withEngine } from './engine.ts';
import { FixtureError, readFixture } from './fixture.ts';
import { checkFixture, formulas, passes, tolerances, type FixtureErrors } from './fixture-check.ts';
import { addEngineOptions } from './score-options.ts';
import { guardOutput, print as write } from './output.ts';
import { styled } from './terminal.ts';

/**
 * `check:fixture FILE…`: compares the pipeline with fixture files of an independent float64 program, prints the largest
 * errors, and fails when one is above its tolerance.
 */
async function main(): Promise<void> {
  guardOutput();
  const command = addEngineOptions(
    new Command('check-fixture')
      .description('compare the pipeline with reference fixtures')
      .argument('<files...>', 'fixture files (JSON)'),
  );
  command.parse();
  const flags = command.opts<{ engine: EngineChoice; threads?: number }>();
  const passed = await withEngine(flags, async (engine) => {
    let all = true;
    for (const file of command.args) {
      all = (await report(file, engine)) && all;
    }
    return all;
  });
  process.exitCode = passed ? exitCode.ok : exitCode.failed;
}

async function report(file: string, engine: EngineClient): Promise<boolean> {
  try {
    const errors = await checkFixture(await readFixture(file), engine);
    const passed = passes(errors);
    print(passed, file, errors);
    return passed;
  } catch (error) {
    if (isExpected(error)) {
      write(`${verdict(false)}  ${basename(file)}  ${error.message}\n`);
      return false;
    }
    throw error;
  }
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof FixtureError ||
    error instanceof EngineFailure ||
    error instanceof FisherFailure ||
    error instanceof RangeError
  );
}

function print(passed: boolean, file: string, errors: FixtureErrors): void {
  const lines = [
    `${verdict(passed)}  ${basename(file)}`,
    line('float32 engine', [
      ['logits', errors.logits, tolerances.logits],
      ['Jacobian, median image', errors.jacobian, tolerances.jacobian],
    ]),
  ];
  for (const path of ['engine', 'float64'] as const) {
    for (const formula of formulas) {
      const { eigenvalues, entropy } = errors[path][formula];
      lines.push(
        line(`${path === 'engine' ? 'float32 engine' : 'float64 spectrum'}, ${formula}`, [
          ['eigenvalues', eigenvalues, tolerances[path].eigenvalues],
          ['entropy', entropy, tolerances[path].entropy],
        ]),
      );
    }
  }
  write(`${lines.join('\n')}\n`);
}

function line(title: string, errors: readonly (readonly [string, number, number])[]): string {
  const parts = errors.map(([name, error, tolerance]) => {
    const text = `${name} ${error.toExponential(1)}`;
    return error <= tolerance ? text : `${text} (above ${tolerance.toExponential(0)})`;
  });
  return `      ${title.padEnd(26)}  ${parts.join('   ')}`;
}

function verdict(passed: boolean): string {
  return passed ? styled(process.stdout, 'green', 'PASS') : styled(process.stdout, 'red', 'FAIL');
}

void main();
