import { describe, expect, it } from 'vitest';
import { engineNames } from '../../server/engine/registry.ts';
import type { EngineReport } from '../../server/engine/pool/report.ts';
import { cli } from './run-cli.ts';

describe('archlens engines', () => {
  it('tests all engines and says which takes the jobs', async () => {
    const { code, stdout } = await cli(['engines', '--json']);
    const reports = JSON.parse(stdout) as readonly EngineReport[];
    expect(reports.map(({ name }) => name)).toEqual([...engineNames]);
    expect(reports.filter(({ state }) => state === 'in-use')).toHaveLength(1);
    for (const { name, state, reason, gflops, device } of reports) {
      if (state === 'unavailable') expect(reason, name).toMatch(/\.$/);
      else {
        expect(gflops, name).toBeGreaterThan(0);
        expect(device, name).not.toBe('');
      }
    }
    expect(code).toBe(0);
  });

  it('explains an engine that does not exist', async () => {
    const { code, stderr } = await cli(['engines', '--engine', 'abacus']);
    expect(code).toBe(2);
    expect(stderr).toContain("'abacus' is not an engine; use auto, onnx-cuda");
  });
});
