import * as v from 'valibot';
import { fisherReasons } from '../../base/failure-reasons.ts';
import { engineInfo } from '../../engine/info-schema.ts';
import type { StoreKind } from '../../store/store.ts';
import type { SeedFailure, SeedOutcome, SeedScore } from '../types.ts';

/** Raised whenever the schema changes so that older entries cannot be read: they count as absent then. */
const format = 2;

/** Faster than a schema of the elements, for lists of many. */
const numbers = v.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((element) => Number.isFinite(element)),
);
const finite = v.pipe(v.number(), v.finite());

/** Of nine deciles or eleven quantiles: 0 … ln 11, but for rounding. What the settings allow is in `possible.ts`. */
const entropy = v.pipe(finite, v.minValue(0), v.maxValue(Math.log(11) * (1 + 1e-9)));
const some = v.pipe(
  numbers,
  v.check((values) => values.length > 0),
);
const nineOrEleven = v.pipe(
  numbers,
  v.check(({ length }) => length === 9 || length === 11),
);

/** A field that is added to `SeedScore` is added here too; as `v.exactOptional`, older entries stay readable. */
const seedScore: v.GenericSchema<unknown, SeedScore> = v.object({
  seed: finite,
  entropy,
  entropies: some,
  eigenvalues: some,
  deciles: nineOrEleven,
  diagonal: some,
  trace: finite,
  resolution: v.object({ rank: finite, largestLogit: finite, largestEigenvalue: finite, saturated: finite }),
  engine: engineInfo,
  milliseconds: finite,
});

const seedFailure: v.GenericSchema<unknown, SeedFailure> = v.object({
  seed: finite,
  reason: v.picklist(fisherReasons),
  message: v.string(),
});

/** Draws, under `seedKey`: more seeds reuse those already drawn. One is about 5 kB. */
export const scoreKind = {
  name: 'scores',
  schema: v.pipe(
    v.object({ format: v.literal(format), outcome: v.union([seedScore, seedFailure]) }),
    v.transform(({ outcome }) => outcome),
  ),
  encode: (outcome) => ({ format, outcome }),
  capacity: 2000,
} satisfies StoreKind<SeedOutcome>;
