import { decoded, fileNameOf } from '../base/uris.ts';
import type { Settings } from '../protocol/settings.ts';
import { fileMatcher } from '../ranking/file-filter.ts';
import type { RankingHost } from './ranking-host.ts';

/** A folder of the workspace, as the ranking sees it. */
export interface RankingFolder {
  readonly uri: string;
  /** In front of its files' names, where there are several folders. */
  readonly prefix: string;
  readonly settings: Settings;
  readonly matches: (path: string) => boolean;
}

/** The folders of the workspace and how the models in each are ranked. */
export class RankingFolders {
  readonly #host: Pick<RankingHost, 'workspace' | 'settings'>;
  readonly #settings = new Map<string, Settings>();

  constructor(host: Pick<RankingHost, 'workspace' | 'settings'>) {
    this.#host = host;
  }

  /** The settings may be others now: they are asked for again. */
  settingsChanged(): void {
    this.#settings.clear();
  }

  /** The innermost first. */
  async all(): Promise<readonly RankingFolder[]> {
    const uris = [...this.#host.workspace.folders].sort((a, b) => b.length - a.length);
    const folders: RankingFolder[] = [];
    for (const uri of uris) {
      const settings = await this.#settingsOf(uri);
      const prefix = uris.length > 1 ? `${fileNameOf(uri)}/` : '';
      folders.push({ uri, prefix, settings, matches: fileMatcher(settings.ranking) });
    }
    return folders;
  }

  /** What stands for a folder of an open document where no folder is open: there every open document is ranked. */
  async around(uri: string): Promise<RankingFolder> {
    const settings = await this.#settingsOf(uri);
    const name = Math.max(uri.lastIndexOf('/'), uri.lastIndexOf(':'));
    return { uri: uri.slice(0, name), prefix: '', settings, matches: () => true };
  }

  async #settingsOf(uri: string): Promise<Settings> {
    const settings = this.#settings.get(uri) ?? (await this.#host.settings.load(uri));
    this.#settings.set(uri, settings);
    return settings;
  }
}

/** Of a file below a folder, with `/`, as people write it; its name for what has no folder. */
export function pathIn(folder: RankingFolder, uri: string): string {
  return decoded(uri.slice(folder.uri.length + 1));
}
