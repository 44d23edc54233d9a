/** Of a Fisher spectrum, and so of a score: they lie in the network or the settings. */
export const fisherReasons = [
  /**
   * All deciles are 0: no logit depends on the chosen weights, or too few eigenvalues are positive
   * (docs/score.md#entropy). Also a network without trainable tensors.
   */
  'no-signal',
  /** Logits from 2²⁴ or eigenvalues from 2⁴⁸ on have left no two deciles that float32 derivatives tell from 0 (docs/score.md#where-there-is-no-number). */
  'exploding',
  /** No two deciles are told from 0, and nothing explodes (docs/score.md#where-there-is-no-number). */
  'low-rank',
  /** Logits or derivatives leave float32, or F leaves float64. */
  'overflow',
  /** Fewer than 32 rows (docs/score.md#too-few-rows), a Jacobian that would be too large, or others the method refuses. */
  'settings',
] as const;

/** Those that proxies have besides: they lie in the network, too. */
export const proxyReasons = [
  /** The proxy is not defined for such a network. */
  'not-applicable',
  'no-relu',
  /** A matrix of the proxy is singular. */
  'singular',
  /** A cell passes its input on as it is. */
  'identity',
] as const;

/** Of an engine: another try, or another engine, may not meet them. */
export const engineReasons = [
  'cancelled',
  'time-limit',
  'out-of-memory',
  /** The GPU was reset, removed or hung; only a new process can use it again. */
  'device-lost',
  /** The engine cannot run the program. */
  'unsupported',
  /** No engine could be started. */
  'unavailable',
  /** The process crashed twice under this job, or fell silent under it ten times (`engine/process/blame.ts`). */
  'quarantined',
  'internal',
] as const;

export type FisherFailureReason = (typeof fisherReasons)[number];
export type EngineFailureReason = (typeof engineReasons)[number];
/** Why a network has no score: a named state, never a number (docs/architecture.md#invariants, 5). */
export type FailureReason = FisherFailureReason | EngineFailureReason;
export type ProxyFailureReason = FailureReason | (typeof proxyReasons)[number];

const lasting: ReadonlySet<string> = new Set([...fisherReasons, ...proxyReasons]);

/** Whether every other try meets it again: then it is a result, which is kept. */
export function isLasting(reason: ProxyFailureReason): boolean {
  return lasting.has(reason);
}

const failures: Readonly<Record<FailureReason, string>> = {
  'no-signal': 'no signal reaches the output',
  exploding: 'logits or gradients explode',
  'low-rank': 'too few directions',
  overflow: 'numbers overflow float32',
  settings: 'the settings are refused',
  cancelled: 'stopped',
  'time-limit': 'time limit reached',
  'out-of-memory': 'out of memory',
  'device-lost': 'the GPU was lost',
  unsupported: 'the engine cannot run it',
  unavailable: 'no engine',
  quarantined: 'set aside, it ends the engine',
  internal: 'internal error',
};

/** A failure in a few words. */
export function failureText(reason: FailureReason): string {
  return failures[reason];
}
