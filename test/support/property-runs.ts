import process from 'node:process';

/** Makes property tests of the pure rooms try more cases, or fewer: 1 by default. */
export const propertyFactor = Number(process.env['ARCHLENS_PROPERTY_RUNS'] ?? 1);

/** Parameters of a property. @param count of random cases by default */
export const cases = (count: number): { numRuns: number } => ({ numRuns: Math.ceil(count * propertyFactor) });
