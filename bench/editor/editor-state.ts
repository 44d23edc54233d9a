import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodeLensRequest, type CodeLens, type ProtocolConnection } from 'vscode-languageserver-protocol';
import { picture, type PictureAnswer } from '../../server/protocol/pictures.ts';
import { openRanking } from '../../server/protocol/ranking.ts';
import type { RankingEntry } from '../../server/ranking/entry.ts';

/** All that an editor can show of a model beside its text, and the file itself: a plain value, to be compared whole. */
export interface EditorState {
  /** Of all models of the file, with their tooltips. */
  readonly lenses: readonly CodeLens[];
  /** What the spectrum panel draws. */
  readonly panel: PictureAnswer | null;
  /** What the list of models and the leaderboard have. */
  readonly ranked: readonly RankingEntry[];
  /** SHA-256 of the file on the disk. */
  readonly file: string;
}

export async function editorStateOf(
  connection: Pick<ProtocolConnection, 'sendRequest'>,
  uri: string,
  model: string,
): Promise<EditorState> {
  return {
    lenses: (await connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })) ?? [],
    panel: await connection.sendRequest(picture, { uri, model }),
    ranked: (await connection.sendRequest(openRanking)).entries,
    file: digestOf(fileURLToPath(uri)),
  };
}

/** Whether lenses and panel have all they are going to have: none of the file's models is being measured. */
export function isSettled({ lenses, panel }: EditorState): boolean {
  return (
    (panel?.state === 'current' || panel?.state === 'quick') &&
    panel.contributions.state === 'current' &&
    !lenses.some(({ command }) => /⟳|measuring…/.test(command?.title ?? ''))
  );
}

/** Digests of the stored scores, by path below the folder. */
export function storedScores(store: string): ReadonlyMap<string, string> {
  const paths = readdirSync(store, { recursive: true }).map(String);
  return new Map(
    paths
      .filter((path) => path.endsWith('.json') && statSync(join(store, path)).isFile())
      .map((path) => [path, digestOf(join(store, path))]),
  );
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
