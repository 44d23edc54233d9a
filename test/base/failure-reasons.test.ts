import { expect, it } from 'vitest';
import { engineReasons, fisherReasons, isLasting, proxyReasons } from '../../server/base/failure-reasons.ts';

it('lists every reason once, and which of them every other try meets again', () => {
  const all = [...fisherReasons, ...proxyReasons, ...engineReasons];
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter(isLasting)).toEqual([...fisherReasons, ...proxyReasons]);
});
