import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../server/engine/engine.ts';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import type { Network } from '../../server/network/network.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { scoreKind } from '../../server/score/store/score-kind.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import type { ScoreSettings, SeedOutcome } from '../../server/score/types.ts';
import { bundleEngine, removeBundles } from '../engine/bundle.ts';
import { networkOf } from '../fisher/support/networks.ts';

// A ranking of 200 models while everything around it goes wrong: every score arrives, and is the undisturbed one.

/** How often the engine is killed. */
const kills = 100;
/** Milliseconds: a hundred starts of the engine take minutes where much else runs. */
const patience = 3_600_000;
const settings: ScoreSettings = { ...namedSettings.live, indexSets: 2, seeds: 1 };

const networks: readonly Network[] = Array.from({ length: 200 }, (_, index) => {
  const [channels, depth, activation] = [
    2 + (index % 5),
    1 + (index % 4),
    ['relu', 'gelu', 'tanh'][index % 3],
  ];
  return networkOf(`
    model M${index} {
      input ${4 + (index % 7)}x5x3
      classes ${3 + (index % 6)}
      repeat ${depth} { conv(${channels}, 3x3) -> bn -> ${activation} }
      gap -> dense(classes)
    }`);
});

let modulePath: string;
let undisturbed: readonly string[];
beforeAll(async () => {
  modulePath = await bundleEngine();
  undisturbed = await rank(connect(), openStore(scoreKind));
}, patience);
afterAll(removeBundles);

const clients: EngineClient[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function connect(path = modulePath): EngineClient {
  const client = createEngineClient(
    { choice: 'onnx-cpu', modulePath: path, threads: 1 },
    { backOff: 5, maxBackOff: 100, silence: 2000 },
  );
  clients.push(client);
  return client;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-faults-'));
  folders.push(folder);
  return folder;
}

/** The outcomes of all models, one after another, as JSON without times; a failure appears with its reason. */
async function rank(engine: EngineClient, store: Store<SeedOutcome>): Promise<string[]> {
  const scorer = new Scorer(engine, store);
  const outcomes: string[] = [];
  for (const network of networks) {
    const outcome = await scorer.score(network, settings);
    outcomes.push(JSON.stringify(outcome, (key, value: unknown) => (key === 'milliseconds' ? 0 : value)));
  }
  return outcomes;
}

/** Numbers of the unit interval, the same in every run. */
function* randomNumbers(): Generator<number, never> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Sends signals to the engine at random moments, also while it starts, until it is stopped. */
function disturb(engine: EngineClient, signal: NodeJS.Signals, times: number) {
  const random = randomNumbers();
  let sent = 0;
  let stopped = false;
  const run = async (): Promise<void> => {
    const last = new Set<number>();
    while (!stopped && sent < times) {
      const { pid, state } = engine.status();
      const starts = state === 'starting' || state === 'restarting';
      if (pid === undefined || last.has(pid) || (starts && random.next().value > 0.05)) {
        await sleep(2);
        continue;
      }
      await sleep(100 * random.next().value);
      if (engine.status().pid !== pid) continue;
      last.add(pid);
      sent += 1;
      process.kill(pid, signal);
    }
  };
  const done = run();
  return {
    sent: () => sent,
    stop: async (): Promise<void> => {
      stopped = true;
      await done;
    },
  };
}

describe('a ranking of 200 models', () => {
  it('gives every model a score', () => {
    expect(undisturbed.filter((outcome) => outcome.includes('"state":"ok"'))).toHaveLength(200);
    expect(new Set(undisturbed).size).toBe(200);
  });

  it(
    `is the same while the engine is killed ${kills} times`,
    async () => {
      const engine = connect();
      const killer = disturb(engine, 'SIGKILL', kills);
      try {
        do {
          expect(await rank(engine, openStore(scoreKind))).toEqual(undisturbed);
        } while (killer.sent() < kills);
      } finally {
        await killer.stop();
      }
      expect(killer.sent()).toBe(kills);
    },
    patience,
  );

  it.skipIf(process.platform === 'win32')(
    'is the same when the engine hangs',
    async () => {
      const engine = connect();
      const stopper = disturb(engine, 'SIGSTOP', 2);
      try {
        // A fast machine is done before the second is stopped.
        do {
          expect(await rank(engine, openStore(scoreKind))).toEqual(undisturbed);
        } while (stopper.sent() < 2);
      } finally {
        await stopper.stop();
      }
      expect(stopper.sent()).toBe(2);
    },
    patience,
  );

  it(
    'is the same when there is garbage on the pipe',
    async () => {
      // Each of the first processes writes what is no frame, at a moment of its own.
      const path = await bundleEngine({
        before: `
          import { existsSync, writeFileSync, writeSync } from 'node:fs';
          import { isMainThread } from 'node:worker_threads';
          const turn = [1, 2, 3, 4, 5].find((number) => !existsSync(process.argv[1] + number));
          if (isMainThread && turn !== undefined)
            setTimeout(() => {
              writeFileSync(process.argv[1] + turn, '');
              writeSync(3, Buffer.from(Array.from({ length: 97 * turn }, (_, index) => (index * 89) % 256)));
            }, 300 + 37 * turn);`,
      });
      const written = (): number =>
        readdirSync(join(path, '..')).filter((name) => /^engine\.cjs\d$/.test(name)).length;
      const engine = connect(path);
      // A fast machine is done before the fifth has written.
      do {
        expect(await rank(engine, openStore(scoreKind))).toEqual(undisturbed);
      } while (written() < 5);
    },
    patience,
  );

  it.skipIf(process.platform !== 'linux')(
    'is the same when the disk is full',
    async () => {
      const folder = temporaryFolder();
      // Writing into half of the store fails as on a full disk.
      for (const shard of '01234567') {
        mkdirSync(join(folder, shard));
        rmSync(join(folder, shard), { recursive: true });
        symlinkSync('/dev/full', join(folder, shard));
      }
      const problems: string[] = [];
      const engine = connect();
      const store = () => openStore(scoreKind, { folder, limit: 1e9, log: (line) => problems.push(line) });
      expect(await rank(engine, store())).toEqual(undisturbed);
      expect(await rank(engine, store())).toEqual(undisturbed);
      expect(problems.length).toBeGreaterThan(0);
    },
    patience,
  );

  it(
    'is the same from a store that is being corrupted',
    async () => {
      const folder = temporaryFolder();
      const random = randomNumbers();
      const engine = connect();
      for (let round = 0; round < 3; round++) {
        expect(await rank(engine, openStore(scoreKind, { folder, limit: 1e9 }))).toEqual(undisturbed);
        const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) =>
          file.isFile(),
        );
        expect(files).toHaveLength(200);
        for (const file of files) {
          const path = join(file.parentPath, file.name);
          const bytes = readFileSync(path);
          const kind = random.next().value;
          if (kind < 0.2) writeFileSync(path, '');
          else if (kind < 0.4) writeFileSync(path, bytes.subarray(0, bytes.length * random.next().value));
          else if (kind < 0.7) {
            bytes[Math.floor(bytes.length * random.next().value)]! ^=
              1 << Math.floor(8 * random.next().value);
            writeFileSync(path, bytes);
          }
        }
      }
    },
    patience,
  );
});
