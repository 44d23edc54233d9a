import { afterAll, describe, expect, it } from 'vitest';
import type { EngineClient, TensorJobResult } from '../../server/engine/engine.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { sampleJacobian } from '../../server/fisher/sample.ts';
import { Project } from '../../server/language/project.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { CountingEngine } from '../score/support/engine.ts';

const source = `model Small {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> relu
  gap -> dense(classes)
}`;
const network = new Project({ read: () => source }).analyse('file:///small.arch').models[0]!.network!;
const settings = { ...namedSettings.paper, samples: 4 };
/** One lane a pass. */
const plan = planJacobian(network, settings, { mode: 'reverse', memory: 1 });

const engine = new CountingEngine();
afterAll(() => engine.dispose());

/** The engine, under another name for some of its runs. */
function renamed(isOther: (run: number) => boolean): {
  readonly client: EngineClient;
  readonly runs: () => number;
} {
  let runs = 0;
  const client: EngineClient = {
    prepare: () => undefined,
    async run(job, options): Promise<TensorJobResult> {
      const result = await engine.run(job, options);
      runs += 1;
      return isOther(runs) ? { ...result, engine: { ...result.engine, name: 'onnx-webgpu' } } : result;
    },
    status: () => engine.status(),
    onStatus: (listener) => engine.onStatus(listener),
    restart: () => {
      engine.restart();
    },
    dispose: () => Promise.resolve(),
  };
  return { client, runs: () => runs };
}

describe('A Jacobian in several passes', () => {
  it('is made by one engine, also when another takes over between them', async () => {
    expect(plan.passes).toHaveLength(3);
    const undisturbed = await sampleJacobian(engine, network, settings, 1, { plan });
    const { client, runs } = renamed((run) => run <= 2);
    const sample = await sampleJacobian(client, network, settings, 1, { plan });
    expect(sample.engine.name).toBe('onnx-cpu');
    // Two in vain, the one that showed it, and all of them.
    expect(runs()).toBe(6);
    expect(sample.jacobian).toEqual(undisturbed.jacobian);
  });

  it('has its norms calibrated anew by the engine that takes over', async () => {
    const calibrated = { ...settings, norm: 'calibrated' } as const;
    const own = planJacobian(network, calibrated, { mode: 'reverse', memory: 1 });
    const undisturbed = await sampleJacobian(engine, network, calibrated, 1, { plan: own });
    const { client, runs } = renamed((run) => run <= 1);
    const sample = await sampleJacobian(client, network, calibrated, 1, { plan: own });
    expect(sample.engine.name).toBe('onnx-cpu');
    // A calibration in vain, the pass that showed it, a calibration and all passes.
    expect(runs()).toBe(6);
    expect(sample.jacobian).toEqual(undisturbed.jacobian);
    const plain = await sampleJacobian(engine, network, settings, 1, { plan });
    expect(sample.jacobian.logits).not.toEqual(plain.jacobian.logits);
  });

  it('is given up when engines keep taking turns', async () => {
    const { client } = renamed((run) => run % 2 === 0);
    await expect(sampleJacobian(client, network, settings, 1, { plan })).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('keeps changing') as string,
    });
  });
});
