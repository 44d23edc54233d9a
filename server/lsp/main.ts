import { isMainThread } from 'node:worker_threads';
import { runScoreWorker } from '../scoring/score-worker.ts';
import { startServer } from './server.ts';

// The program of dist/server.cjs. One file, two roles: the main thread talks to the editor, another one scores.
// Whoever wants the server inside another program takes `startServer` of `server.ts`.
if (isMainThread) startServer();
else runScoreWorker();
