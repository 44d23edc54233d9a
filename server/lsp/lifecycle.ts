import { ErrorCodes } from 'vscode-languageserver/node';
import type { Message, ResponseMessage } from 'vscode-languageserver/node';

/** What is to be done with a message: to hand it on, to drop it, or to answer it with an error. */
export type Verdict = 'pass' | 'drop' | ResponseMessage;

/**
 * Which messages the server takes when. Before `initialize` and after `shutdown` requests are answered with an error and
 * notifications are dropped, but for `exit`, which always counts. A second `initialize` is an error.
 */
export class Lifecycle {
  #state: 'new' | 'initialized' | 'shut down' = 'new';
  /** Of the `initialize` request that was handed on. */
  #initializing: unknown;

  get isShutDown(): boolean {
    return this.#state === 'shut down';
  }

  /** A message has come. */
  received(message: Message): Verdict {
    const { id, method } = message as { readonly id?: unknown; readonly method?: unknown };
    if (method === undefined && ('result' in message || 'error' in message)) return 'pass';
    const isRequest = typeof id === 'number' || typeof id === 'string';
    if (typeof method !== 'string' || (id !== undefined && !isRequest))
      return refusal(
        isRequest ? id : null,
        ErrorCodes.InvalidRequest,
        'This is neither a request nor a notification.',
      );
    const sound = hasSoundParams(message);
    if (!isRequest) return sound && (this.#state === 'initialized' || method === 'exit') ? 'pass' : 'drop';
    if (!sound) return refusal(id, ErrorCodes.InvalidRequest, 'The parameters must be an object or a list.');
    if (this.#state === 'shut down')
      return refusal(id, ErrorCodes.InvalidRequest, `The server is shut down; ${method} comes too late.`);
    if (method === 'initialize') {
      if (this.#state !== 'new')
        return refusal(id, ErrorCodes.InvalidRequest, 'The server is initialized already.');
      this.#initializing = id;
      this.#state = 'initialized';
    } else if (this.#state === 'new')
      return refusal(id, ErrorCodes.ServerNotInitialized, `${method} comes before \`initialize\`.`);
    else if (method === 'shutdown') this.#state = 'shut down';
    return 'pass';
  }

  /** A message is sent. */
  sent(message: Message): void {
    if (this.#initializing === undefined || !('id' in message) || message.id !== this.#initializing) return;
    this.#initializing = undefined;
    // The client may try again.
    if ('error' in message && message.error !== undefined && this.#state === 'initialized')
      this.#state = 'new';
  }
}

/**
 * Whether the parameters have the form that LSP asks for. The library does not check: a cancellation without the id of a
 * request would end the process.
 */
function hasSoundParams(message: Message): boolean {
  const { method, params } = message as { readonly method?: unknown; readonly params?: unknown };
  if (method === '$/cancelRequest') {
    const id: unknown = (params as { readonly id?: unknown } | null | undefined)?.id;
    return typeof id === 'number' || typeof id === 'string';
  }
  return params === undefined || typeof params === 'object';
}

/** A message without the parameters `null`, which some clients write for none. */
export function withoutNull(message: Message): Message {
  const { params } = message as { readonly params?: unknown };
  return params === null ? ({ ...message, params: undefined } as Message) : message;
}

export function refusal(id: ResponseMessage['id'], code: number, message: string): ResponseMessage {
  return { jsonrpc: '2.0', id, error: { code, message } };
}
