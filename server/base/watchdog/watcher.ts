import { appendFileSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { Session, type Debugger, type InspectorNotification } from 'node:inspector';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import { workerData } from 'node:worker_threads';
import { field, readSubject, type Watched } from './watched.ts';

// The thread of a watchdog. It shares a few bytes with the main thread, and needs nothing else of it.

const { memory, limit, exitCode, journal } = workerData as Watched;
const state = new Int32Array(memory, 0, field.count);

/** Looks in this time, so that a limit is kept to about a tenth. */
const period = limit / 10;

/** A thread that waits, for a disk that does not answer for instance, takes no processor time: it gets this many times longer. */
const patience = 10;

let beat = -1;
let silent = 0;
let used = process.cpuUsage();

const timer = setInterval(() => {
  const now = Atomics.load(state, field.beat);
  if (now !== beat || Atomics.load(state, field.busy) === 0) {
    beat = now;
    silent = 0;
    used = process.cpuUsage();
    return;
  }
  // Looks are counted, not time: a process that is stopped or a machine that sleeps does not look.
  silent += period;
  const { user, system } = process.cpuUsage(used);
  if ((silent < limit || (user + system) / 1e3 < limit) && silent < patience * limit) return;
  clearInterval(timer);
  end();
}, period);

function end(): void {
  const { name, digest } = readSubject(memory);
  attempt(() =>
    writeSync(
      2,
      `archlens: ${name === '' ? 'Something' : name} has kept the program busy for ${limit / 1000} seconds without an end. The program ends (exit code ${exitCode}).\n`,
    ),
  );
  if (journal !== undefined && digest !== '') {
    attempt(() => {
      mkdirSync(dirname(journal), { recursive: true });
      appendFileSync(journal, `${digest}\n`);
    });
  }
  attempt(() => {
    closeSync(2);
    openSync(devNull, 'w');
  });
  // Also when the debugger of the main thread does not answer.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 3000);
  attempt(exitMainThread);
}

/** Only the main thread can end a process with an exit code: the debugger interrupts what it is at, and has it do so. */
function exitMainThread(): void {
  const session = new Session();
  session.connectToMainThread();
  session.on('Debugger.paused', ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
    const { callFrameId } = params.callFrames[0]!;
    const expression = `globalThis.process.reallyExit(${exitCode})`;
    session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    // Node waits for it, and says so on stderr.
    session.disconnect();
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

/** Nothing here may keep the process from ending. */
function attempt(act: () => unknown): void {
  try {
    act();
  } catch {
    // A full disk or a closed stderr.
  }
}
