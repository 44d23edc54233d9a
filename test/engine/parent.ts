import process from 'node:process';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import { quickJob, slowJob } from './jobs.ts';

// A program of its own that uses an engine: starts a job, tells the engine's process id and then is killed (or, with
// `idle`, just reaches its end without disposing of the client).
const [modulePath, mode] = process.argv.slice(2);
const client = createEngineClient({ choice: 'auto', modulePath: modulePath! });
await client.run(quickJob());
if (mode !== 'idle') {
  process.stdout.write(`${client.status().pid}\n`);
  await client.run(slowJob({ chunks: 1, megaflop: 1_000_000 }));
}
