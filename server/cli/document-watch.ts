import { exitCode } from '../base/exit-codes.ts';
import { limitFromEnvironment, Watchdog } from '../base/watchdog/watchdog.ts';
import { DocumentWatch } from '../language/watch.ts';

/**
 * Seconds of processor time for one file. Only work on a file is watched: scores and statistics may take as long as they like.
 * Nobody waits for a keystroke here, so slow machines get time.
 */
const limit = 120;

/** Ends a command that is busy with a file and does not come back. */
export const documentWatch = new DocumentWatch(
  new Watchdog({ limit: limitFromEnvironment(limit), exitCode: exitCode.fault }),
);
