import inspector from 'node:inspector';

/**
 * Counts what V8 runs of our own sources: how often every function and every block of one is entered. What a machine is
 * busy with changes nothing in that, so that growth can be tested. What built-in functions do inside is not seen. Functions
 * that were compiled before this module was loaded are counted as a whole.
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

let total = 0;

/** Steps since this module was loaded. */
export function steps(): number {
  const { result } = post('Profiler.takePreciseCoverage') as inspector.Profiler.TakePreciseCoverageReturnType;
  for (const { url, functions } of result) {
    if (!/\/(?:server|grammar)\/.*\.ts$/.test(url) || url.includes('/node_modules/')) continue;
    for (const { ranges } of functions) for (const { count } of ranges) total += count;
  }
  return total;
}

/** Steps of a piece of work. */
export function stepsOf(work: () => unknown): number {
  const before = steps();
  work();
  return steps() - before;
}
