import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

export interface CudaSystem {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Root of the file system. */
  readonly root: string;
}

/** Parts of CUDA that TensorFlow 2.9, the library inside tfjs-node-gpu 4.22, loads; each with a library by which it is found. */
const parts = [
  { title: 'a driver for an NVIDIA GPU', linux: 'libcuda.so.1', windows: 'nvcuda.dll' },
  { title: 'CUDA 11.2', linux: 'libcudart.so.11.0', windows: 'cudart64_110.dll' },
  { title: 'cuDNN 8.1', linux: 'libcudnn.so.8', windows: 'cudnn64_8.dll' },
] as const;

/** The parts of CUDA that tfjs-node-gpu needs and that cannot be found, for people. */
export function missingCudaParts(
  system: CudaSystem = { platform: process.platform, environment: process.env, root: '/' },
): readonly string[] {
  if (system.platform !== 'linux' && system.platform !== 'win32')
    return ['a system with CUDA: Linux or Windows'];
  const known = system.platform === 'linux' ? linkerCache(system.root) : '';
  const folders = libraryFolders(system);
  return parts.flatMap(({ title, linux, windows }) => {
    const file = system.platform === 'linux' ? linux : windows;
    const found = known.includes(`/${file}\0`) || folders.some((folder) => existsSync(join(folder, file)));
    return found ? [] : [`${title} (${file})`];
  });
}

/** The list of libraries of the dynamic linker, which holds paths that end in a zero. */
function linkerCache(root: string): string {
  try {
    return readFileSync(join(root, 'etc/ld.so.cache'), 'latin1');
  } catch {
    return '';
  }
}

function libraryFolders({ platform, environment, root }: CudaSystem): readonly string[] {
  if (platform === 'win32') {
    const path = environment['Path'] ?? environment['PATH'] ?? '';
    return [join(environment['SystemRoot'] ?? 'C:\\Windows', 'System32'), ...path.split(';')].filter(Boolean);
  }
  const given = (environment['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  const usual = ['usr/lib/x86_64-linux-gnu', 'usr/lib64', 'usr/lib/wsl/lib'].map((path) => join(root, path));
  return [...given, ...usual, ...cudaFolders(root)];
}

/** `/usr/local/cuda`, `/usr/local/cuda-11.2` … */
function cudaFolders(root: string): string[] {
  const local = join(root, 'usr/local');
  try {
    return readdirSync(local)
      .filter((name) => name.startsWith('cuda'))
      .map((name) => join(local, name, 'lib64'));
  } catch {
    return [];
  }
}
