import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import { sameUri } from '../base/uris.ts';
import { optionsOf } from '../protocol/protocol.ts';
import { readSettings } from '../protocol/settings.ts';
import type { Settings } from '../protocol/settings.ts';

/** The settings of each document, asked from the client where it can answer. */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #loaded = new Map<string, Settings>();
  #pull = false;
  /** For a client that cannot be asked. */
  #pushed: unknown;
  #storageFolder: string | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  initialize(client: InitializeParams): void {
    this.#pull = client.capabilities.workspace?.configuration === true;
    const { settings, storageFolder } = optionsOf(client);
    this.#pushed = settings;
    this.#storageFolder = storageFolder;
  }

  /** Where the client lets the server keep files. */
  get storageFolder(): string | undefined {
    return this.#storageFolder;
  }

  /** The settings of a document, if they have been loaded. */
  of(uri: string): Settings | undefined {
    return this.#loaded.get(sameUri(uri));
  }

  async load(uri: string): Promise<Settings> {
    const settings = await this.#read(uri);
    this.#loaded.set(sameUri(uri), settings);
    return settings;
  }

  /** Those that belong to no document: the engine's. */
  async global(): Promise<Settings> {
    return await this.#read();
  }

  forget(uri: string): void {
    this.#loaded.delete(sameUri(uri));
  }

  /** @param pushed the new settings, from a client that cannot be asked */
  changed(pushed: unknown): void {
    if (typeof pushed === 'object' && pushed !== null && 'archlens' in pushed) this.#pushed = pushed.archlens;
  }

  async #read(scopeUri?: string): Promise<Settings> {
    const raw: unknown = this.#pull
      ? await this.#connection.workspace.getConfiguration({
          section: 'archlens',
          ...(scopeUri === undefined ? {} : { scopeUri }),
        })
      : this.#pushed;
    const { settings, refused } = readSettings(raw);
    for (const line of refused) this.#connection.console.warn(line);
    return settings;
  }
}
