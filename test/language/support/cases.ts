import { test } from 'vitest';
import { expectMessages } from './helpers.ts';

/** What is written, with marks, and part of each message. */
type Case = readonly [what: string, marked: string, ...messages: readonly (string | RegExp)[]];

/** One test a case. */
export function check(cases: readonly Case[]): void {
  for (const [what, marked, ...messages] of cases) {
    test(what, () => {
      expectMessages(marked, messages);
    });
  }
}
