import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { atMost, Output } from '../../scripts/side-by-side.mjs';

test('no more runs at a time than is allowed, and what fails makes room', async () => {
  const enter = atMost(2);
  const ends: (() => void)[] = [];
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    enter(async () => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => ends.push(resolve));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const done = Promise.allSettled([work('a'), work('b', true), work('c'), work('d')]);
  const end = async (index: number) => {
    await setImmediate();
    ends[index]!();
  };
  for (const index of [1, 2, 0, 3]) await end(index);
  expect(
    (await done).map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason))),
  ).toEqual(['a', 'Error: b', 'c', 'd']);
  expect(log).toEqual([
    ...['a begins', 'b begins', 'b ends', 'c begins', 'c ends', 'd begins', 'a ends', 'd ends'],
  ]);
});

test('what is said waits for its turn, then goes on at once', () => {
  const told: string[] = [];
  const output = new Output();
  output.write('before ');
  output.write(Buffer.from('it, '));
  expect(told).toEqual([]);
  output.tell((text) => told.push(String(text)));
  output.write('then');
  expect(told).toEqual(['before ', 'it, ', 'then']);
});
