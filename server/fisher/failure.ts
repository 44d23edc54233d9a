/** Why a network has no Fisher spectrum: a named state, never a number (docs/architecture.md#invariants, 5). */
export type FisherFailureReason =
  /** All nine deciles are 0, or the network has no trainable tensors. */
  | 'no-signal'
  /** Logits or derivatives leave float32, or F leaves float64. */
  | 'overflow'
  /** The Jacobian would be too large. */
  | 'settings';

/** Its message says what happened and the remedy. */
export class FisherFailure extends Error {
  readonly reason: FisherFailureReason;
  constructor(reason: FisherFailureReason, message: string) {
    super(message);
    this.name = 'FisherFailure';
    this.reason = reason;
  }
}
