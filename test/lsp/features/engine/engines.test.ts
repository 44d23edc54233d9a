import process from 'node:process';
import { describe, expect, it } from 'vitest';
import type { EngineReport } from '../../../../server/engine/pool/report.ts';
import { engineReports, testEngines } from '../../../../server/protocol/protocol.ts';
import { TestClient } from '../../support/client.ts';

describe('Testing engines over the protocol', () => {
  it('answers with all engines, and tells meanwhile what is tested', async () => {
    await using client = await TestClient.start({ settings: { engine: { threads: 1 } } });
    const told: (readonly EngineReport[])[] = [];
    client.connection.onNotification(engineReports.method, (reports: readonly EngineReport[]) => {
      told.push(reports);
    });
    const reports = await client.connection.sendRequest<readonly EngineReport[]>(testEngines.method, {
      only: 'onnx-cpu',
    });
    const state = (known: readonly EngineReport[]) => known.find(({ name }) => name === 'onnx-cpu')?.state;
    expect(told.map(state)).toContain('testing');
    expect(state(reports)).toBe('in-use');
    expect(reports.find(({ name }) => name === 'onnx-cpu')).toMatchObject({
      device: 'CPU',
      gflops: expect.any(Number) as number,
    });
    // Only what was asked for was started.
    expect(reports.find(({ name }) => name === 'tfjs-wasm')?.state).toBe('untested');
    expect(reports.find(({ name }) => name === 'onnx-coreml')?.reason).toBe(
      process.platform === 'darwin' ? undefined : 'Only on macOS.',
    );
  });
});
