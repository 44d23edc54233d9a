import { isMainThread } from 'node:worker_threads';
import { runHost } from './host.ts';
import { runWorker } from './worker.ts';

// One file, two roles: the process's main thread talks to the client, a worker thread computes.
if (isMainThread) runHost();
else runWorker();
