import { describe, expect, it } from 'vitest';
import { engineItems } from '../../../client/engines/engine-items.ts';
import type { EngineReport } from '../../../server/engine/pool/report.ts';

const reports: readonly EngineReport[] = [
  {
    name: 'tfjs-node-gpu',
    title: 'TensorFlow',
    state: 'unavailable',
    reason: 'tfjs-node-gpu is not installed.',
  },
  {
    name: 'onnx-webgpu',
    title: 'WebGPU',
    state: 'in-use',
    device: 'NVIDIA GeForce RTX 3090',
    gflops: 4321.9,
  },
  { name: 'onnx-cpu', title: 'Processor', state: 'ready', device: 'CPU', gflops: 150.2 },
  { name: 'tfjs-wasm', title: 'WebAssembly', state: 'testing', gflops: 8.25 },
];

describe('The list of engines', () => {
  const items = engineItems(reports, 'onnx-cpu');

  it('has the automatic choice first and what cannot be used last', () => {
    expect(items.map(({ choice }) => choice)).toEqual([
      'auto',
      'onnx-webgpu',
      'onnx-cpu',
      'tfjs-wasm',
      'tfjs-node-gpu',
    ]);
    expect(items.filter(({ usable }) => !usable).map(({ choice }) => choice)).toEqual(['tfjs-node-gpu']);
  });

  it('says device, speed and state of each', () => {
    expect(items.map(({ description }) => description)).toEqual([
      'now onnx-webgpu',
      'NVIDIA GeForce RTX 3090 · 4322 GFLOP/s · in use',
      'CPU · 150 GFLOP/s · ready',
      '8.3 GFLOP/s · being tested',
      'unavailable',
    ]);
  });

  it('says why one cannot be used', () => {
    expect(items.at(-1)?.detail).toBe('tfjs-node-gpu is not installed.');
  });

  it('marks the choice of the settings', () => {
    expect(items.filter(({ label }) => label.includes('$(check)')).map(({ choice }) => choice)).toEqual([
      'onnx-cpu',
    ]);
    expect(engineItems([], 'auto')[0]?.label).toContain('$(check)');
  });
});
