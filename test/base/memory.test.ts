import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { allowedOf } from '../../server/base/memory.ts';

it('memory that a container does not allow is not counted on', () => {
  expect(allowedOf(24e9, 2e9)).toBe(2e9);
  expect(allowedOf(1e9, 2e9)).toBe(1e9);
  // Without a constraint Node says 0, or more than any machine has.
  expect(allowedOf(24e9, 0)).toBe(24e9);
  expect(allowedOf(24e9, 2 ** 64)).toBe(24e9);
  expect(allowedOf(totalmem())).toBeGreaterThan(0);
});
