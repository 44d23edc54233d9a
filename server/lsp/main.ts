import { startServer } from './server.ts';

// The program of dist/server.cjs. Whoever wants the server inside another program takes `startServer` of `server.ts`.
startServer();
