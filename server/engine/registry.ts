/** All engines, from those that need a GPU to the one that runs everywhere. */
export const engineNames = [
  'onnx-cuda',
  'tfjs-node-gpu',
  'onnx-directml',
  'onnx-coreml',
  'onnx-webgpu',
  'onnx-cpu',
  'tfjs-wasm',
] as const;
export type EngineName = (typeof engineNames)[number];

/** `auto`: the processor at once, a GPU engine as soon as it has proved to be right and faster. */
export type EngineChoice = 'auto' | EngineName;
export const engineChoices: readonly EngineChoice[] = ['auto', ...engineNames];

/** What is known of an engine without starting it. */
export interface EngineTraits {
  readonly processor: 'CPU' | 'GPU';
  /** For people: library and way to the device. */
  readonly title: string;
  /** Systems (`process.platform`-`process.arch`) its library is published for; absent: all. */
  readonly systems?: readonly string[];
}

export const engineTraits: Readonly<Record<EngineName, EngineTraits>> = {
  'onnx-cuda': {
    processor: 'GPU',
    title: 'ONNX Runtime on an NVIDIA GPU through CUDA',
    systems: ['linux-x64', 'win32-x64'],
  },
  'tfjs-node-gpu': {
    processor: 'GPU',
    title: 'TensorFlow on an NVIDIA GPU through CUDA',
    systems: ['linux-x64', 'win32-x64'],
  },
  'onnx-directml': {
    processor: 'GPU',
    title: 'ONNX Runtime on any GPU through DirectML',
    systems: ['win32-x64', 'win32-arm64'],
  },
  'onnx-coreml': {
    processor: 'GPU',
    title: 'ONNX Runtime on an Apple GPU through Core ML',
    systems: ['darwin-arm64', 'darwin-x64'],
  },
  'onnx-webgpu': { processor: 'GPU', title: 'ONNX Runtime on any GPU through WebGPU' },
  'onnx-cpu': { processor: 'CPU', title: 'ONNX Runtime on the processor' },
  'tfjs-wasm': { processor: 'CPU', title: 'TensorFlow.js on WebAssembly, without a native library' },
};

export const cpuEngines = engineNames.filter((name) => engineTraits[name].processor === 'CPU');

/** The GPU engines that can be there on a system such as `linux-x64`, the most direct way to a GPU first. */
export function gpuEngines(system: string): readonly EngineName[] {
  return engineNames.filter((name) => {
    const { processor, systems } = engineTraits[name];
    return processor === 'GPU' && (systems?.includes(system) ?? true);
  });
}
