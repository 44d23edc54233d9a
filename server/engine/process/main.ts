import { runHost } from './host.ts';

// Loads little, so that the computing thread (`worker-main.ts`) can begin to load the rest soon.
runHost();
