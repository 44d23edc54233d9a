import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { encodeFrame, FrameReader } from './framing.ts';

export interface ChannelEvents<Incoming> {
  readonly onMessage: (message: Incoming) => void;
  /** Called for a well-framed message that is not in the protocol. The channel goes on. */
  readonly onUnknown: (problem: string) => void;
  /** Called once, when the other end is gone or sends what is not framed (`garbage`). Nothing follows. */
  readonly onClosed: (problem: string, kind: 'gone' | 'garbage') => void;
}

/** Checked messages over a byte stream. */
export interface Channel<Outgoing> {
  /** Messages to an end that has gone away are dropped. */
  send(message: Outgoing): void;
}

export function openChannel<Incoming, Outgoing>(
  stream: Duplex,
  incoming: v.GenericSchema<unknown, Incoming>,
  events: ChannelEvents<Incoming>,
): Channel<Outgoing> {
  const reader = new FrameReader();
  let open = true;
  const close = (problem: string, kind: 'gone' | 'garbage' = 'gone'): void => {
    if (!open) return;
    open = false;
    // The listener is told before the stream ends: an engine that is to be killed would otherwise see that and end by
    // itself, as if it had crashed.
    events.onClosed(problem, kind);
    stream.destroy();
  };

  stream.on('data', (piece: Buffer) => {
    if (!open) return;
    let messages: readonly unknown[];
    try {
      messages = reader.push(piece);
    } catch (error) {
      close(`garbage on the channel: ${String(error)}`, 'garbage');
      return;
    }
    for (const message of messages) {
      const parsed = v.safeParse(incoming, message);
      if (parsed.success) events.onMessage(parsed.output);
      else events.onUnknown(`message not understood: ${describe(parsed.issues)}`);
    }
  });
  stream.on('end', () => {
    close('the other end closed the channel');
  });
  stream.on('close', () => {
    close('the channel closed');
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The other process has died; its exit is reported on its own.
    const isGone = error.code === 'EPIPE' || error.code === 'ECONNRESET';
    close(isGone ? 'the other end closed the channel' : `channel error: ${error.message}`);
  });

  return {
    send(message) {
      if (open) stream.write(encodeFrame(message));
    },
  };
}

function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues;
  return first === undefined ? 'no reason given' : `${v.getDotPath(first) ?? 'message'}: ${first.message}`;
}
