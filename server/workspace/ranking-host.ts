import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Project } from '../language/project.ts';
import type { Settings } from '../protocol/settings.ts';
import type { Scheduler } from '../score/scheduler.ts';
import type { ScoreBoard } from '../scoring/score-board.ts';
import type { ScoreThread } from '../scoring/score-thread.ts';
import type { Documents } from './documents.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** What the ranking of a workspace needs of the program that it is part of. */
export interface RankingHost {
  readonly documents: Documents;
  readonly workspace: WorkspaceFiles;
  /** Reads open texts before files; whoever changes a text invalidates it. */
  readonly project: Project;
  /** How the models below a folder are ranked and scored, asked anew. */
  readonly settings: { load(folderUri: string): Promise<Settings> };
  /** Decides whose turn it is: the ranking shares the one engine with the editor. */
  readonly scheduler: Scheduler;
  readonly scoring: Pick<ScoreThread, 'score' | 'stored' | 'proxies' | 'onStatus'>;
  /** What is known of the models of open documents. */
  readonly board: Pick<ScoreBoard, 'models'>;
  onScores(listener: (uri: string) => void): void;
  /** The text of any file, open or not. */
  textOf(uri: string): TextDocument;
  log(line: string): void;
  /** Something that should not have happened. */
  fail(line: string): void;
  /** Work that nobody waits for; an error is logged. */
  background(what: string, work: () => void | Promise<void>): void;
}
