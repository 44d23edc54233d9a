import { Socket } from 'node:net';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { openChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { requestSchema } from './protocol.ts';
import type { Reply, Request, WorkerReply } from './protocol.ts';
import type { WorkerRun, WorkerSetup } from './worker-protocol.ts';

/** File descriptor of the channel, after stdin, stdout and stderr. */
export const channelDescriptor = 3;
/** Milliseconds between signs of life. */
const heartbeat = 250;

/**
 * The main thread of the engine process. Never computes, so it can always answer: it passes jobs to the worker and
 * replies to the client, tells how much memory the process takes, and ends it when the client is gone.
 */
export function runHost(): void {
  let worker: Worker | undefined;
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

  function handle(request: Request): void {
    switch (request.type) {
      case 'start': {
        const { candidates, threads, cudaPath } = request;
        worker ??= startWorker({ candidates, threads, cudaPath, cancelled }, channel);
        break;
      }
      case 'run':
        worker?.postMessage({ id: request.id, job: request.job } satisfies WorkerRun);
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

function startWorker(setup: WorkerSetup, channel: Channel<Reply>): Worker {
  // The file this process was started with, bundled or not: `main.ts` takes the worker's role in a worker.
  const worker = new Worker(process.argv[1]!, { workerData: setup });
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

/** An orderly exit would wait for the native code the worker may be in. The signal tells the death from a foreign one. */
function end(): void {
  process.kill(process.pid, process.platform === 'win32' ? 'SIGKILL' : 'SIGUSR2');
}
