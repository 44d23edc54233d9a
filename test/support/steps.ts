import inspector from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/**
 * Counts what V8 runs of our own sources: how often every function, and every block in one, is entered. What a machine is
 * busy with changes nothing in that, so growth can be tested. What built-in functions do inside is not seen. Of functions
 * compiled before this module was loaded the blocks are not counted, and some calls in optimised code neither.
 */
const session = new inspector.Session();
session.connect();

function post(method: string, params: object = {}): unknown {
  let answer: unknown;
  session.post(method, params, (error, result) => {
    if (error !== null) throw new Error(error.message);
    answer = result;
  });
  return answer;
}

post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Since the last tally, by function: its file, its name, and its place in that file. */
let tally = new Map<string, number>();
let total = 0;

/** Steps since this module was loaded. */
export function steps(): number {
  const { result } = post('Profiler.takePreciseCoverage') as inspector.Profiler.TakePreciseCoverageReturnType;
  for (const { url, functions } of result) {
    const file = /\/((?:server|grammar)\/.*\.ts)$/.exec(url)?.[1];
    if (file === undefined || url.includes('/node_modules/')) continue;
    for (const { functionName, ranges } of functions) {
      const taken = ranges.reduce((sum, { count }) => sum + count, 0);
      if (taken === 0) continue;
      const key = `${file} ${functionName} at ${ranges[0]!.startOffset}`;
      tally.set(key, (tally.get(key) ?? 0) + taken);
      total += taken;
    }
  }
  return total;
}

/** Steps of a piece of work. */
export function stepsOf(work: () => unknown): number {
  const before = steps();
  work();
  return steps() - before;
}

/**
 * Nothing is optimised from here on, for optimised code does not count the calls that it has made part of itself: steps are then
 * exact. Frames on the stack are larger, so nothing nests as deep.
 */
export function countExactly(): void {
  for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag);
}

/** Steps by function since it was asked for the last time. */
export function nextTally(): ReadonlyMap<string, number> {
  steps();
  const taken = tally;
  tally = new Map();
  return taken;
}

/** Times as many steps for one as long: what is proportional takes 1, with a logarithm about 1.3, what is quadratic 8. */
const bound = 3;

/** Steps of a function that are few, however many fewer they are for the shorter text. */
const atLeast = 3000;

/**
 * Functions that took more than their share for the longer of two texts.
 * @param factor how many times as long it is
 * @param few steps of a function for the longer text that are few: a short text may be worked on in another way
 */
export function steepFunctions(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  factor: number,
  few = atLeast,
): string[] {
  return [...after].flatMap(([name, taken]) => {
    const less = before.get(name) ?? 0;
    const isSteep = taken > few && taken > bound * factor * Math.max(less, few / 64);
    return isSteep ? [`${name}: ${less} steps, then ${taken}`] : [];
  });
}
