import * as v from 'valibot';
import { engineInfo } from '../../engine/info-schema.ts';
import type { StoreKind } from '../../store/store.ts';
import type { InsightMeasurement } from '../insight/insight-measurement.ts';

const finite = v.pipe(v.number(), v.finite());
const numbers = v.array(finite);
const estimate = v.object({ value: finite, se: v.exactOptional(finite) });

const measurement: v.GenericSchema<unknown, InsightMeasurement> = v.object({
  ops: v.array(
    v.object({
      share: estimate,
      bands: v.exactOptional(v.array(v.nullable(finite))),
      entropyEffect: v.exactOptional(estimate),
    }),
  ),
  whole: v.exactOptional(
    v.object({
      eigenvalues: numbers,
      deciles: numbers,
      normalisedDeciles: numbers,
      entropy: estimate,
      seedEntropies: v.array(v.object({ seed: finite, entropy: finite })),
      bandTrace: numbers,
    }),
  ),
  logits: v.object({ rms: finite, largest: finite, confidence: finite }),
  engine: engineInfo,
  milliseconds: finite,
});

/** Measurements. One is about 50 kB. */
export const insightKind: StoreKind<InsightMeasurement> = {
  name: 'insights',
  schema: measurement,
  capacity: 200,
};
