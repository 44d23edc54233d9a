/** Why a network has no Fisher spectrum: a named state, never a number (docs/architecture.md#invariants, 5). */
export type FisherFailureReason = 'no-signal' | 'overflow' | 'settings';

export class FisherFailure extends Error {
  readonly reason: FisherFailureReason;
  constructor(reason: FisherFailureReason, message: string) {
    super(message);
    this.name = 'FisherFailure';
    this.reason = reason;
  }
}
