// A process that tries cases of the targets of a module as it is told; whoever told it watches how long one takes, and
// removes its temporary folder.
import { rmSync } from 'node:fs';
import process from 'node:process';
import type { Failure, Order, Report } from './messages.ts';
import { loadTargets, targetNamed } from './modules.ts';
import { Random, seedOf } from '../support/random.ts';
import { signatureOf } from './target.ts';

const [, , targets, temporary] = process.argv;
const module = await loadTargets(targets);

function report(message: Report): void {
  process.send?.(message);
}

async function failure(action: () => void | Promise<void>): Promise<Failure | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { signature: signatureOf(error), text: text.slice(0, 4000) };
  }
}

/** The target that has had least time is next, so that all get the same. */
async function run({ first, seed, stride }: Extract<Order, { kind: 'run' }>): Promise<never> {
  const states = Object.entries(first).map(([name, index]) => ({
    target: targetNamed(module, name),
    index,
    spent: 0,
  }));
  for (let cases = 0; ; cases += 1) {
    const state = states.reduce((least, next) => (next.spent < least.spent ? next : least));
    const { target, index } = state;
    const started = performance.now();
    report({ kind: 'started', target: target.name, index });
    const found = await failure(() =>
      target.check(target.generate(new Random(seedOf(seed, target.name, index)))),
    );
    if (found !== undefined) report({ kind: 'failed', target: target.name, index, failure: found });
    state.index += stride;
    state.spent += performance.now() - started;
    // Lets messages in and out.
    if (cases % 16 === 0) await new Promise(setImmediate);
  }
}

async function attempt({ target: name, inputs }: Extract<Order, { kind: 'try' }>): Promise<void> {
  const target = targetNamed(module, name);
  await target.close?.();
  let found: Failure | undefined;
  for (const input of inputs) found ??= await failure(() => target.check(input));
  report({ kind: 'tried', ...(found === undefined ? {} : { failure: found }) });
}

process.on('message', (order: Order) => {
  void (order.kind === 'try' ? attempt(order) : run(order));
});
process.on('disconnect', () => {
  void Promise.allSettled(
    module.targets.map(async ({ close }) => {
      await close?.();
    }),
  ).then(() => {
    // Nobody else is left to remove it.
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    process.exit();
  });
});
