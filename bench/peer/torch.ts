import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import * as v from 'valibot';

/** How glibc hands out memory: as it comes, or told to keep what was freed and to take it in huge pages. */
export type Allocator = 'default' | 'keeping';

export interface TorchRun {
  readonly kind: 'exact' | 'sketch';
  /** Samples at a time. */
  readonly chunk: number;
  /** No more directions than this (exact). */
  readonly lanes: number;
  /** Weights, samples and signs are drawn anew first. */
  readonly draw?: boolean;
  /** Receives the Jacobian, float32 `[samples, lanes, indexSets, weights]`. */
  readonly out?: string;
}

export interface TorchAnswer {
  readonly milliseconds: number;
  /** Without drawing. */
  readonly passes: number;
  /** Most bytes the process was ever resident with. */
  readonly peak: number;
}

const answerSchema = v.object({
  seconds: v.optional(v.number(), 0),
  passes: v.optional(v.number(), 0),
  peak: v.number(),
});

const environments: Readonly<Record<Allocator, NodeJS.ProcessEnv>> = {
  default: {},
  keeping: {
    GLIBC_TUNABLES: `glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=${2 ** 40}`,
  },
};

export interface Torch {
  readonly python: string;
  readonly version: string;
  /** The library it multiplies matrices with, as the system names it; empty where that is not known. */
  readonly blas: string;
}

/** Multiplies two matrices, so that the library is loaded, and reads which one from the memory map. */
const question = `import torch
torch.ones(64, 64) @ torch.ones(64, 64)
try: maps = [line.split()[-1] for line in open('/proc/self/maps') if 'blas' in line or 'mkl_rt' in line]
except OSError: maps = []
print(torch.__version__)
print(maps[0].split('/')[-1] if maps else '')`;

/** The first Python that has PyTorch; undefined when there is none. */
export function findTorch(): Torch | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, ['-c', question], { encoding: 'utf8' });
    if (status !== 0) continue;
    const [version = '', blas = ''] = stdout.trim().split('\n');
    return { python, version, blas };
  }
  return undefined;
}

/** Whether it is the untuned library that Debian installs by default: some thirty times slower than OpenBLAS. */
export function multipliesSlowly({ blas }: Torch): boolean {
  return blas.startsWith('libblas.so');
}

/** `peer.py` in a process of its own. */
export class TorchProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param root of the checkout */
  constructor(python: string, root: string, allocator: Allocator) {
    this.#child = spawn(python, [join(root, 'bench/peer/peer.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environments[allocator] },
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async load(folder: string, channelsLast: boolean, threads: number): Promise<void> {
    await this.#ask({ load: folder, channelsLast, threads });
  }

  async run({ kind, chunk, lanes, draw = false, out }: TorchRun): Promise<TorchAnswer> {
    const { seconds, passes, peak } = await this.#ask({
      run: kind,
      chunk,
      lanes,
      draw,
      ...(out === undefined ? {} : { out }),
    });
    return { milliseconds: 1000 * seconds, passes: 1000 * passes, peak };
  }

  async stop(): Promise<void> {
    const gone = this.#child.exitCode === null ? once(this.#child, 'exit') : undefined;
    this.#child.stdin?.end();
    await gone;
  }

  async #ask(command: unknown): Promise<v.InferOutput<typeof answerSchema>> {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('PyTorch ended without an answer');
    return v.parse(answerSchema, JSON.parse(line.value));
  }
}
