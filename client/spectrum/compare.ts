import * as vscode from 'vscode';
import { picture } from '../../server/protocol/pictures.ts';
import { formatCount, formatScore } from '../../server/base/quantities.ts';
import { marksBeside } from '../../server/score/marks.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import type { OpenModels } from './models.ts';
import type { Overlay, Target } from './protocol.ts';
import { versionName, withoutOps } from './versions.ts';
import type { Version, Versions } from './versions.ts';
import { noticeText } from '../../server/base/notice-text.ts';

type Choice = vscode.QuickPickItem & { readonly version?: Version; readonly model?: Target };

/** Lets the user choose what is laid over a picture. @returns what was chosen; undefined when nothing was */
export async function chooseOverlays(
  target: Target,
  current: string | undefined,
  versions: Versions,
  models: OpenModels,
  server: LanguageServer,
): Promise<Overlay[] | undefined> {
  const earlier = versions
    .of(target)
    .filter((version) => version.picture.origin.key !== current)
    .map((version): Choice => {
      const { vkdnw, marks, macs } = version.picture;
      const description = `VKDNW ${formatScore(vkdnw.value, vkdnw.se)}${marksBeside(marks)} · ${formatCount(macs)} MACs`;
      return { label: versionName(version), description, version };
    });
  const others = models
    .all()
    .filter(({ uri, model }) => uri !== target.uri || model !== target.model)
    .map(({ uri, model, title }): Choice => ({ label: model, description: title, model: { uri, model } }));
  const choices: Choice[] = [
    ...section(`Earlier versions of ${target.model}`, earlier),
    ...section('Other models in open files', others),
  ];
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(
      noticeText(
        `There is nothing to compare ${target.model} with yet. Change it, or open another file with a model.`,
      ),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(choices, {
    title: `Compare ${target.model} with`,
    placeHolder: 'Earlier versions, or models of open files',
    canPickMany: true,
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  const overlays = await Promise.all(picked.map((choice) => overlayOf(choice, server)));
  return overlays.filter((overlay) => overlay !== undefined);
}

function section(label: string, choices: readonly Choice[]): Choice[] {
  return choices.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...choices];
}

async function overlayOf(
  { label, version, model }: Choice,
  server: LanguageServer,
): Promise<Overlay | undefined> {
  if (version !== undefined) return overlay(label, version.picture);
  const answer = model === undefined ? undefined : await server.request(picture, model);
  if (answer?.picture !== undefined) return overlay(label, answer.picture);
  void vscode.window.showInformationMessage(noticeText(`${label} has no score yet.`));
  return undefined;
}

/** A picture laid over; pinned twice it is there once. */
export function overlay(name: string, of: Overlay['picture']): Overlay {
  return { id: `${name} ${of.origin.key}`, name, picture: withoutOps(of) };
}
