import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { describeGpu, mayHaveGpu } from '../../server/engine/gpu-devices.ts';
import { impossible } from '../../server/engine/pool/report.ts';
import { cpuEngines, engineNames, gpuEngines } from '../../server/engine/registry.ts';
import { missingCudaParts } from '../../server/engine/tfjs/cuda-parts.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A file system with these files. */
function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'archlens-machine-'));
  roots.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

describe('The parts of CUDA', () => {
  const linux = (root: string, environment = {}) =>
    missingCudaParts({ platform: 'linux', environment, root });

  it('are all missing on an empty machine', () => {
    expect(linux(machine({}))).toEqual([
      'a driver for an NVIDIA GPU (libcuda.so.1)',
      'CUDA 11.2 (libcudart.so.11.0)',
      'cuDNN 8.1 (libcudnn.so.8)',
    ]);
  });

  it('are found where the linker, CUDA and the user have them', () => {
    const root = machine({
      'etc/ld.so.cache': 'glibc-ld.so.cache\0libcuda.so.1\0/usr/lib/libcuda.so.1\0',
      'usr/local/cuda-11.2/lib64/libcudart.so.11.0': '',
      'home/me/cudnn/libcudnn.so.8': '',
    });
    expect(linux(root, { LD_LIBRARY_PATH: join(root, 'home/me/cudnn') })).toEqual([]);
    expect(linux(root)).toEqual(['cuDNN 8.1 (libcudnn.so.8)']);
  });

  it('are of the right version', () => {
    const root = machine({
      'usr/lib/x86_64-linux-gnu/libcuda.so.1': '',
      'usr/local/cuda/lib64/libcudart.so.12': '',
      'usr/lib/x86_64-linux-gnu/libcudnn.so.9': '',
    });
    expect(linux(root)).toHaveLength(2);
  });

  it('are looked for along the path of Windows', () => {
    const root = machine({ 'cudart64_110.dll': '', 'System32/nvcuda.dll': '' });
    const environment = { SystemRoot: root, Path: `${root};C:\\elsewhere` };
    expect(missingCudaParts({ platform: 'win32', environment, root })).toEqual(['cuDNN 8.1 (cudnn64_8.dll)']);
  });

  it('are not for macOS', () => {
    expect(missingCudaParts({ platform: 'darwin', environment: {}, root: '/' })).toEqual([
      'a system with CUDA: Linux or Windows',
    ]);
  });
});

describe.runIf(process.platform === 'linux')('The GPU of a Linux machine', () => {
  it('is named as the driver names it', () => {
    const root = machine({
      'proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA GeForce RTX 3090\nIRQ: 16\n',
      'sys/bus/pci/devices/0000:01:00.0/class': '0x030000\n',
      'sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
      'sys/bus/pci/devices/0000:00:1f.6/class': '0x020000\n',
      'sys/bus/pci/devices/0000:00:1f.6/vendor': '0x8086\n',
    });
    expect(describeGpu(root)).toBe('NVIDIA GeForce RTX 3090');
  });

  it('is named by its maker where no driver names it, and all are where there are several', () => {
    const root = machine({
      'sys/bus/pci/devices/a/class': '0x038000',
      'sys/bus/pci/devices/a/vendor': '0x1002\n',
      'sys/bus/pci/devices/b/class': '0x030000',
      'sys/bus/pci/devices/b/vendor': '0x8086\n',
    });
    expect(describeGpu(root).split(' or ').sort()).toEqual(['AMD', 'Intel']);
    expect(describeGpu(machine({}))).toBe('GPU');
  });

  it('is looked for where there is a device or a driver', () => {
    expect(mayHaveGpu({}, machine({}))).toBe(false);
    expect(mayHaveGpu({}, machine({ 'dev/dri/renderD128': '' }))).toBe(true);
    expect(mayHaveGpu({}, machine({ 'dev/nvidia0': '' }))).toBe(true);
    expect(mayHaveGpu({}, machine({ 'dev/dxg': '' }))).toBe(true);
    expect(mayHaveGpu({ VK_ICD_FILENAMES: '/driver.json' }, machine({}))).toBe(true);
  });
});

describe('The registry of engines', () => {
  it('has an engine for the processor last, and GPU engines by system', () => {
    expect(cpuEngines).toEqual(['onnx-cpu', 'tfjs-wasm']);
    expect(gpuEngines('linux-x64')).toEqual(['onnx-cuda', 'tfjs-node-gpu', 'onnx-webgpu']);
    expect(gpuEngines('win32-x64')).toEqual(['onnx-cuda', 'tfjs-node-gpu', 'onnx-directml', 'onnx-webgpu']);
    expect(gpuEngines('darwin-arm64')).toEqual(['onnx-coreml', 'onnx-webgpu']);
  });

  it('says why an engine cannot be on a system', () => {
    expect(impossible('onnx-directml', 'linux-x64')).toBe('Only on Windows.');
    expect(impossible('onnx-cuda', 'darwin-arm64')).toBe('Only on Linux and Windows.');
    expect(impossible('onnx-cuda', 'linux-arm64')).toBe('Not for this architecture (linux-arm64).');
    expect(engineNames.filter((name) => impossible(name, 'linux-x64') === undefined)).toHaveLength(5);
  });
});
