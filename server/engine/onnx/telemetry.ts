import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const variable = 'ORT_DISABLE_TELEMETRY';

/**
 * Outside of builds and tests onnxruntime reports what it is used for, and leaves a device's name and a database of events
 * in the user's cache folder, unless this variable is set before it is loaded. (On Windows it reads no variable and sends
 * nothing itself: it offers events to the system's tracing, which Node has no way to switch off.)
 *
 * A thread's environment is a copy which native code does not see, so threads can only check what the main thread has
 * set before it started them.
 *
 * @throws Error in a thread whose main thread has not called this before
 */
export function disableTelemetry(): void {
  if (isMainThread) process.env[variable] = '1';
  else if (process.env[variable] !== '1')
    throw new Error(`onnxruntime is not loaded: ${variable} was not set before this thread was started.`);
}
