import type * as Onnxruntime from 'onnxruntime-node';
import type { EngineName } from '../registry.ts';

export type OnnxEngine = Extract<EngineName, `onnx-${string}`>;
type Provider = Onnxruntime.InferenceSession.ExecutionProviderConfig;

interface ProviderTraits {
  /** As `listSupportedBackends` calls it. */
  readonly backend: string;
  readonly title: string;
  readonly provider: Provider;
}

/** Execution providers, in single precision wherever the provider leaves a choice. */
const providers: Readonly<Record<OnnxEngine, ProviderTraits>> = {
  'onnx-cpu': { backend: 'cpu', title: 'CPU', provider: 'cpu' },
  'onnx-cuda': { backend: 'cuda', title: 'CUDA', provider: { name: 'cuda', deviceId: 0 } },
  'onnx-directml': { backend: 'dml', title: 'DirectML', provider: { name: 'dml', deviceId: 0 } },
  'onnx-coreml': {
    backend: 'coreml',
    title: 'Core ML',
    provider: { name: 'coreml' },
  },
  'onnx-webgpu': { backend: 'webgpu', title: 'WebGPU', provider: { name: 'webgpu' } },
};

/**
 * The provider behind an engine.
 *
 * @throws Error when this build of onnxruntime was made without it; the processor is in every one
 */
export function providerOf(engine: OnnxEngine, runtime: typeof Onnxruntime): Provider {
  const { backend, title, provider } = providers[engine];
  if (engine !== 'onnx-cpu' && !runtime.listSupportedBackends().some(({ name }) => name === backend))
    throw new Error(`The build of ONNX Runtime for this system has no ${title}.`);
  return provider;
}

/** The remedy for a provider that does not start, followed by its own message. */
export function explainProvider(engine: OnnxEngine, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = remedies.find(([pattern]) => pattern.test(message))?.[1];
  return remedy === undefined ? new Error(`${providers[engine].title}: ${message}`) : new Error(remedy);
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /WebGPU adapter/,
    'WebGPU finds no GPU. Install the driver of your graphics card (on Linux one with Vulkan, and libvulkan1).',
  ],
  [
    /OrtSessionOptionsAppendExecutionProvider_Cuda|providers_(cuda|shared)/,
    "ONNX Runtime's CUDA library (onnxruntime_providers_cuda) is not beside the engine: it is too large to be shipped with it.",
  ],
];
