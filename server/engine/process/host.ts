import { Socket } from 'node:net';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { disableTelemetry } from '../onnx/telemetry.ts';
import { openChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { requestSchema } from './protocol.ts';
import type { Reply, Request, WorkerReply } from './protocol.ts';
import { workerModule } from './worker-module.ts';
import type { WorkerData, WorkerRequest } from './worker-protocol.ts';

/** File descriptor of the channel, after stdin, stdout and stderr. */
export const channelDescriptor = 3;
/** Milliseconds between signs of life. */
const heartbeat = 250;

/**
 * The main thread of the engine process. Never computes, so it can always answer: it passes jobs to the worker and
 * replies to the client, tells how much memory the process takes, and ends it when the client is gone.
 */
export function runHost(): void {
  const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

  const channel: Channel<Reply> = openChannel<Request, Reply>(
    new Socket({ fd: channelDescriptor, readable: true, writable: true }),
    requestSchema,
    {
      onMessage: (request) => {
        handle(request);
      },
      onUnknown: (problem) => {
        channel.send({ type: 'log', line: problem });
      },
      onClosed: end,
    },
  );

  disableTelemetry();
  // The worker starts at once, and loads while the client says what to start with.
  const worker = startWorker({ cancelled }, channel);
  const tell = (request: WorkerRequest): void => {
    worker.postMessage(request);
  };

  function handle(request: Request): void {
    switch (request.type) {
      case 'start': {
        const { candidates, threads, cudaPath, memoryLimit } = request;
        tell({ type: 'start', setup: { candidates, threads, cudaPath, memoryLimit } });
        break;
      }
      case 'run':
        tell({ type: 'run', id: request.id, job: request.job });
        break;
      case 'cancel':
        Atomics.store(new Int32Array(cancelled), 0, request.id);
        break;
    }
  }

  setInterval(() => {
    channel.send({ type: 'alive', rss: process.memoryUsage.rss() });
  }, heartbeat);
}

function startWorker(workerData: WorkerData, channel: Channel<Reply>): Worker {
  const worker = new Worker(workerModule(import.meta.filename), { workerData });
  worker.on('message', (reply: WorkerReply) => {
    channel.send(reply);
  });
  worker.on('error', (error: unknown) => {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`engine worker: ${trace}\n`, end);
  });
  worker.on('exit', end);
  return worker;
}

/** Ends the process by a signal of its own: an orderly exit would wait for native code that the worker may run. */
function end(): void {
  process.kill(process.pid, process.platform === 'win32' ? 'SIGKILL' : 'SIGUSR2');
}
