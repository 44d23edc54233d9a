// Clients of engine processes for tests; they end with the test that connected them.
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { EngineClient, EngineClientOptions, EngineStatus } from '../../server/engine/engine.ts';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import type { Timings } from '../../server/engine/process/timings.ts';
import { bundleEngine, removeBundles } from './bundle.ts';

/** The bundle of the engine process. */
export let modulePath: string;
beforeAll(async () => {
  modulePath = await bundleEngine();
});

afterAll(removeBundles);

const clients: EngineClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
});

interface Client {
  readonly client: EngineClient;
  readonly log: string[];
  readonly states: EngineStatus[];
}

export function connect(options: Partial<EngineClientOptions> = {}, timings: Partial<Timings> = {}): Client {
  const log: string[] = [];
  const states: EngineStatus[] = [];
  const client = createEngineClient(
    { choice: 'auto', modulePath, threads: 2, log: (line) => log.push(line), ...options },
    { backOff: 20, ...timings },
  );
  client.onStatus((status) => states.push(status));
  clients.push(client);
  return { client, log, states };
}
