import type { FileEvent, InitializeParams, ServerCapabilities } from 'vscode-languageserver/node';

/** A part of the server: what it offers to clients, and its answers. `server.ts` lists all, and calls them in that order. */
export interface Feature {
  /** What it offers; a function where that depends on the client. No other feature offers the same. */
  readonly capabilities?: ServerCapabilities | ((client: InitializeParams) => ServerCapabilities);
  /** Sets its handlers, before the connection carries anything. */
  listen?(): void;
  /** The client has said what it can do. Nothing may be sent to it yet. */
  initialize?(client: InitializeParams): void;
  /** The client may be asked and told now. */
  initialized?(client: InitializeParams): void;
  /** The settings are others. The next feature is told when this one has taken them over. */
  settingsChanged?(): void | Promise<void>;
  /** Files have changed on the disk. */
  filesChanged?(changes: readonly FileEvent[]): void;
}

/** What all features offer to a client. */
export function capabilitiesOf(features: readonly Feature[], client: InitializeParams): ServerCapabilities {
  let all: ServerCapabilities = {};
  for (const feature of features) {
    const own =
      typeof feature.capabilities === 'function' ? feature.capabilities(client) : feature.capabilities;
    all = { ...all, ...own, workspace: { ...all.workspace, ...own?.workspace } };
  }
  return all;
}
