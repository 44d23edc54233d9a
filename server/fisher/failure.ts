import type { FisherFailureReason } from '../base/failure-reasons.ts';

/** A network has no Fisher spectrum. The message says what happened and the remedy. */
export class FisherFailure extends Error {
  readonly reason: FisherFailureReason;
  constructor(reason: FisherFailureReason, message: string) {
    super(message);
    this.name = 'FisherFailure';
    this.reason = reason;
  }
}
