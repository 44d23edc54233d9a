import process from 'node:process';
import { inject } from 'vitest';
import type { Place } from './start.ts';

/** The editor of this worker. No other worker uses it at the same time. */
export function place(): Place {
  const found = inject('places')[Number(process.env['VITEST_POOL_ID']) - 1];
  if (found === undefined) throw new Error('There is no editor for this worker.');
  return found;
}
