import * as v from 'valibot';
import { fisherReasons } from '../../base/failure-reasons.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { SeedFailure, SeedOutcome } from './store.ts';
import type { SeedScore } from '../types.ts';

/** Raised whenever the schema changes so that older entries cannot be read: they count as absent then. */
const format = 1;

/** Faster than a schema of the elements, for lists of many. */
const numbers = v.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((element) => Number.isFinite(element)),
);
const finite = v.pipe(v.number(), v.finite());

export const engineInfo: v.GenericSchema<unknown, EngineInfo> = v.object({
  name: v.string(),
  device: v.string(),
  version: v.string(),
  threads: v.number(),
});

/** Of nine deciles: 0 … ln 9, but for rounding. */
const entropy = v.pipe(finite, v.minValue(0), v.maxValue(Math.log(9) * (1 + 1e-9)));
const some = v.pipe(
  numbers,
  v.check((values) => values.length > 0),
);
const nine = v.pipe(
  numbers,
  v.check((values) => values.length === 9),
);

/** A field that is added to `SeedScore` is added here too; as `v.exactOptional`, older entries stay readable. */
const seedScore: v.GenericSchema<unknown, SeedScore> = v.object({
  seed: finite,
  entropy,
  entropies: some,
  eigenvalues: some,
  deciles: nine,
  diagonal: some,
  trace: finite,
  engine: engineInfo,
  milliseconds: finite,
});

const seedFailure: v.GenericSchema<unknown, SeedFailure> = v.object({
  seed: finite,
  reason: v.picklist(fisherReasons),
  message: v.string(),
});

const stored = v.object({ format: v.literal(format), outcome: v.union([seedScore, seedFailure]) });

/** A plain value for `parseOutcome`. */
export function formatOutcome(outcome: SeedOutcome): unknown {
  return { format, outcome };
}

/** @returns undefined for anything but what `formatOutcome` of this format gave */
export function parseOutcome(value: unknown): SeedOutcome | undefined {
  const parsed = v.safeParse(stored, value);
  return parsed.success ? parsed.output.outcome : undefined;
}
