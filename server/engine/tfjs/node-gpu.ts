import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { Executor } from '../executor.ts';
import { describeGpu } from '../gpu-devices.ts';
import { missingCudaParts } from './cuda-parts.ts';
import { tfjsExecutor } from './executor.ts';
import { cudaPackage } from './cuda-package.ts';
import type { Runtime } from './value.ts';

/**
 * TensorFlow on an NVIDIA GPU, through tfjs-node-gpu. Its kernels take images as NHWC only: strides, depthwise
 * convolutions and pooling are given to TensorFlow in that order; on the GPU TensorFlow brings them to cuDNN's.
 *
 * @param folder where the package is installed; empty: whatever Node.js finds
 * @throws Error that says what is missing: the package, its native library, the driver, CUDA or cuDNN
 */
export async function createNodeGpuExecutor(folder: string): Promise<Executor> {
  restoreRemovedUtilities();
  const tf = load(installation(folder));
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow could not be started.');
  await tf.ready();
  if (!(tf.backend() as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice) {
    const missing = missingCudaParts();
    throw new Error(
      `TensorFlow loads, but sees no GPU. ${missing.length === 0 ? 'Driver, CUDA and cuDNN are there: see the log.' : `Missing: ${missing.join('; ')}.`}`,
    );
  }
  return tfjsExecutor(tf, {
    name: 'tfjs-node-gpu',
    device: describeGpu(),
    version: `${cudaPackage} ${tf.version['tfjs-node'] ?? tf.version_core}`,
    threads: 1,
  });
}

type NodeRuntime = Runtime & { readonly version: Readonly<Record<string, string>> };

/** Where the package is found: in the folder, else where Node.js looks from this program. */
function installation(folder: string): NodeJS.Require {
  const here = createRequire(process.argv[1]!);
  if (folder === '') return here;
  const there = createRequire(join(folder, 'package.json'));
  try {
    there.resolve(cudaPackage);
    return there;
  } catch {
    return here;
  }
}

function load(require: NodeJS.Require): NodeRuntime {
  try {
    return require(cudaPackage) as NodeRuntime;
  } catch (error) {
    throw explain(error);
  }
}

const install =
  'Run the command "Archlens: Install the CUDA Engine" in VS Code, or install the package, its script included, in a folder of your own and name that by archlens.engine.cudaPath or --cuda-path.';

function explain(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes(`'${cudaPackage}'`)) return new Error(`tfjs-node-gpu is not installed. ${install}`);
  const missing = missingCudaParts();
  const parts = missing.length === 0 ? '' : ` Missing: ${missing.join('; ')}.`;
  const library = /native addon module .* at path: (.*?)\.? *(?:\n|$)/.exec(message)?.[1];
  if (library !== undefined)
    return new Error(
      `tfjs-node-gpu is there without its native library, which its install script downloads: there is no ${library}. ${install}${parts}`,
    );
  return new Error(`tfjs-node-gpu cannot be loaded: ${message.split('\n')[0]!}.${parts}`);
}

/** Utilities that tfjs-node uses and Node.js 23 has removed. */
function restoreRemovedUtilities(): void {
  const util = createRequire(process.argv[1]!)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
