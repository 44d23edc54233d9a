import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import type { Death } from './blame.ts';
import { openChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { channelDescriptor } from './host.ts';
import { replySchema } from './protocol.ts';
import type { Reply, Request } from './protocol.ts';

export interface EngineProcessOptions {
  readonly modulePath: string;
  readonly execPath: string;
  /** Milliseconds without a sign of life after which the process counts as hung. */
  readonly silenceLimit: number;
  readonly onReply: (reply: Reply) => void;
  /** Called once, after the process has ended or could not be started. */
  readonly onExit: (reason: string, death: Death) => void;
  readonly log: (line: string) => void;
}

/** Signals that only others send. A crash raises other signals (SIGSEGV, SIGABRT …), and the engine ends itself by SIGUSR2. */
const foreignSignals: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
]);

/** Number of ticks in which the limit of silence is counted. */
const ticks = 10;

/** One engine process. The constructor starts it, and it is gone after `onExit`. */
export class EngineProcess {
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  #onGone: (() => void) | undefined;
  readonly #child: ChildProcess;
  readonly #channel: Channel<Request> | undefined;
  readonly #options: EngineProcessOptions;
  readonly #watch: NodeJS.Timeout;
  /** Why it was killed, if it was. */
  #killed: { readonly reason: string; readonly death: Death } | undefined;
  #exited = false;

  constructor(options: EngineProcessOptions) {
    let silentTicks = 0;
    // A process that is being loaded on a busy machine may be silent for long; loading has a limit of its own.
    let hasSpoken = false;
    this.#options = options;
    this.gone = new Promise((resolve) => {
      this.#onGone = resolve;
    });
    this.#child = spawn(options.execPath, [options.modulePath], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: environment(),
      windowsHide: true,
    });
    this.#child.on('error', (error) => {
      this.#exit(`could not be started: ${error.message}`, 'own');
    });
    this.#child.on('exit', (code, signal) => {
      if (signal === null) this.#exit(`ended with code ${String(code)}`, 'own');
      else this.#exit(`was ended by ${signal}`, foreignSignals.has(signal) ? 'killed' : 'own');
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('error', () => undefined);
      stream?.on('data', (data: Buffer) => {
        for (const line of data.toString().split('\n')) if (line !== '') options.log(line.slice(0, 1000));
      });
    }

    // Without a process (a spawn error) there is no channel.
    const stream = this.#child.stdio[channelDescriptor] as Duplex | null | undefined;
    if (stream) {
      this.#channel = openChannel<Reply, Request>(stream, replySchema, {
        onMessage: (reply) => {
          silentTicks = 0;
          hasSpoken = true;
          options.onReply(reply);
        },
        onUnknown: options.log,
        onClosed: (problem, kind) => {
          // The exit of a process that is gone will tell what ended it.
          if (kind === 'gone') this.#child.kill('SIGKILL');
          else this.kill(problem, 'unclear');
        },
      });
    }

    // Counted in ticks of this process's own clock, so that neither a suspended machine nor a busy parent makes the
    // child look hung: a late tick counts once, and what the child sent meanwhile is read before the next.
    this.#watch = setInterval(() => {
      if (hasSpoken) silentTicks += 1;
      if (silentTicks > ticks)
        this.kill(`gave no sign of life for ${options.silenceLimit / 1000} s`, 'unclear');
    }, options.silenceLimit / ticks);
    this.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(request: Request): void {
    this.#channel?.send(request);
  }

  /**
   * Ends the process without ceremony: nothing in it needs saving, and it may be stopped or deep in native code.
   * @param death whose fault that is, unless somebody else has stopped it
   */
  kill(reason: string, death: Death): void {
    if (this.#exited || this.#killed !== undefined) return;
    this.#killed = isStopped(this.pid) ? { reason: 'was stopped', death: 'stopped' } : { reason, death };
    this.#child.kill('SIGKILL');
  }

  /** Keeps the calling process alive, as while a job runs. */
  ref(): void {
    this.#eachHandle((handle) => handle.ref());
  }

  /** Lets the calling process end. */
  unref(): void {
    this.#eachHandle((handle) => handle.unref());
  }

  #eachHandle(apply: (handle: { ref(): unknown; unref(): unknown }) => unknown): void {
    apply(this.#child);
    apply(this.#watch);
    // Sockets, though typed as plain streams.
    for (const stream of this.#child.stdio) if (stream && 'unref' in stream) apply(stream as never);
  }

  #exit(reason: string, death: Death): void {
    if (this.#exited) return;
    this.#exited = true;
    clearInterval(this.#watch);
    // The end of a process that crashed is often reported after it was found silent.
    this.#options.onExit(
      this.#killed?.reason ?? reason,
      death === 'own' ? death : (this.#killed?.death ?? death),
    );
    this.#onGone?.();
  }
}

/** Whether somebody has stopped the process (SIGSTOP); only Linux tells. */
function isStopped(pid: number | undefined): boolean {
  if (process.platform !== 'linux' || pid === undefined) return false;
  try {
    // The name of the program, in brackets, may have anything in it.
    const [, state] = /\) (\S)[^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return state === 'T' || state === 't';
  } catch {
    return false;
  }
}

/**
 * Environment that makes glibc keep the memory of one job for the next and take it in huge pages: touching fresh memory is up to
 * a third of a job's time otherwise. Above a quarter of a gigabyte of free memory it is still given back, and so is each array above
 * 32 MiB, the most that glibc allows: those that stages keep would leave holes that later ones do not fit. Other C libraries ignore it.
 */
const keepMemory = [
  'glibc.malloc.hugetlb=1',
  `glibc.malloc.mmap_threshold=${2 ** 25}`,
  'glibc.malloc.arena_max=1',
  `glibc.malloc.trim_threshold=${2 ** 28}`,
];

/** Environment that TensorFlow reads when it is loaded. */
const tensorflow = {
  // By default it takes all memory of the GPU, also from the programs that draw the screen.
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  // Products of 10-bit mantissas are too coarse for the derivatives of a whole network.
  NVIDIA_TF32_OVERRIDE: '0',
  TF_CPP_MIN_LOG_LEVEL: '1',
};

function environment(): NodeJS.ProcessEnv {
  const { GLIBC_TUNABLES: given } = process.env;
  return {
    ...process.env,
    GLIBC_TUNABLES: [...(given === undefined ? [] : [given]), ...keepMemory].join(':'),
    ...tensorflow,
    // In Electron the executable is Node only when told so.
    ...(process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
  };
}
