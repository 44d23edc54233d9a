import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Failure } from './messages.ts';
import { minimised } from './minimise.ts';
import { targetNamed, type TargetModule } from './modules.ts';
import { Random, seedOf } from '../support/random.ts';
import type { Json } from './target.ts';
import { Trial } from './trial.ts';

/** A case that failed. */
export interface FailedCase {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  /** The same process tried the case this many before it, and so on. */
  readonly stride: number;
  readonly failure: Failure;
}

/** Something that does not hold, as it is kept in a file. */
export interface Finding extends FailedCase {
  /** One after another; all but the last are there for what they leave behind. */
  readonly inputs: readonly Json[];
  /** Whether these inputs alone failed once more. */
  readonly isRepeatable: boolean;
}

const folder = resolve(import.meta.dirname, '../../test-results/fuzz');

/** Milliseconds that are spent on making one finding smaller. */
export const patience = 120_000;

/** Cases before it that are tried with one that does not fail alone. */
const history = 10;

/** Tries a failed case again and makes it smaller. */
export async function investigated(
  module: TargetModule,
  failed: FailedCase,
  milliseconds = patience,
): Promise<Finding> {
  const { target: name, seed, index, stride, failure } = failed;
  const target = targetNamed(module, name);
  const inputOf = (at: number): Json => plain(target.generate(new Random(seedOf(seed, name, at))));
  const trial = new Trial(module);
  const fails = async (inputs: readonly Json[]): Promise<boolean> =>
    (await trial.run(name, inputs))?.signature === failure.signature;
  try {
    let inputs: readonly Json[] = [inputOf(index)];
    let isRepeatable = await fails(inputs);
    for (let length = 1; !isRepeatable && target.hasState === true && length <= history; length += 3) {
      const before = Array.from({ length }, (_, place) => index - stride * (length - place));
      inputs = [...before.filter((at) => at >= 0), index].map(inputOf);
      isRepeatable = await fails(inputs);
    }
    const deadline = performance.now() + milliseconds;
    if (isRepeatable)
      inputs = (await minimised(
        inputs,
        (smaller) => fails(smaller as readonly Json[]),
        () => performance.now() < deadline,
      )) as readonly Json[];
    return { ...failed, inputs, isRepeatable };
  } finally {
    await trial.end();
  }
}

/** As it is in a file. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** @returns the file */
export function keep(finding: Finding): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${finding.target}-${finding.seed}-${finding.index}.json`);
  writeFileSync(file, `${JSON.stringify(finding, undefined, 2)}\n`);
  return file;
}

export function readFinding(file: string): Finding {
  return JSON.parse(readFileSync(file, 'utf8')) as Finding;
}

/** For people: what failed, and the input as far as it fits. */
export function described({ target, seed, index, failure, inputs, isRepeatable }: Finding): string {
  const input = inputs.length === 1 ? inputs[0] : inputs;
  const text = JSON.stringify(input, undefined, 1).replaceAll('\\n', '\n    ');
  return [
    `FINDING in ${target} (seed ${seed}, case ${index}${isRepeatable ? '' : ', did not repeat'}): ${failure.signature}`,
    ...failure.text.split('\n').slice(0, 12),
    ...(isRepeatable ? ['Minimised input:', ...text.slice(0, 3000).split('\n')] : []),
  ].join('\n  ');
}
