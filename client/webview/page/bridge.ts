interface EditorApi<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<State>(): EditorApi<State>;

/** A page's end of the channel. `Down` comes from the extension, `Up` goes to it. */
export interface Bridge<Up, State> {
  readonly post: (message: Up) => void;
  /** What was kept by the last `keep`, through tab switches and reloads of the window. */
  readonly kept: State | undefined;
  keep(state: State): void;
}

export interface PageOptions<Down> {
  readonly onMessage: (message: Down) => void;
}

/**
 * Connects the page; call once, when it is ready to be told everything. The extension sends nothing before.
 */
export function connect<Up extends object, State, Down>({ onMessage }: PageOptions<Down>): Bridge<Up, State> {
  const api = acquireVsCodeApi<State>();
  window.addEventListener('message', ({ data }: MessageEvent<Down>) => {
    onMessage(data);
  });
  api.postMessage({ kind: 'ready' });
  return {
    post: (message) => {
      api.postMessage(message);
    },
    kept: api.getState(),
    keep: (state) => {
      api.setState(state);
    },
  };
}
