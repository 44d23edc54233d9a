import { availableParallelism } from 'node:os';
import process from 'node:process';

/**
 * How many editors the tests use side by side. They mostly wait, for animations and for each other's processes, so that two
 * fit on two cores; one is enough for a single file.
 */
export const workers = process.argv.some((argument) => argument.endsWith('.test.ts'))
  ? 1
  : Math.min(2, availableParallelism());
