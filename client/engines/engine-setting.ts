import * as vscode from 'vscode';
import type { EngineChoice } from '../../server/engine/registry.ts';

/** Writes the choice where it is set now, else for all workspaces of this machine. */
export async function takeEngine(choice: EngineChoice): Promise<void> {
  const settings = vscode.workspace.getConfiguration('archlens');
  const set = settings.inspect<EngineChoice>('engine.choice');
  const target =
    set?.workspaceValue === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await settings.update('engine.choice', choice === 'auto' ? undefined : choice, target);
}

export function engineChoice(): EngineChoice {
  return vscode.workspace.getConfiguration('archlens').get<EngineChoice>('engine.choice', 'auto');
}
