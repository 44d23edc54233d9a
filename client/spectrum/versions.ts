import type * as vscode from 'vscode';
import type { PictureAnswer } from '../../server/protocol/pictures.ts';
import type { Picture } from '../../server/plot/picture.ts';
import type { Target } from './protocol.ts';

/** A score a model had. */
export interface Version {
  readonly uri: string;
  readonly picture: Picture;
  /** When it was first seen: milliseconds since 1970. */
  readonly time: number;
}

const key = 'archlens.versions';
/** Versions kept of a model, and of all models of the workspace. */
const perModel = 12;
const most = 120;

/** The settled scores that models of the workspace had, to compare later ones with. */
export class Versions {
  private readonly memento: vscode.Memento;
  private versions: readonly Version[];

  constructor(memento: vscode.Memento) {
    this.memento = memento;
    this.versions = memento.get<readonly Version[]>(key, []);
  }

  /** Takes note of what a model is now, once it has settled. */
  record({ uri }: Target, { state, picture }: PictureAnswer): void {
    if (state !== 'current' || picture === undefined) return;
    const known = this.versions.some(
      (version) => isOf(version, uri, picture.model) && isSame(version.picture, picture),
    );
    if (known) return;
    const version = { uri, picture: withoutOps(picture), time: Date.now() };
    const mine = this.versions.filter((other) => isOf(other, uri, picture.model)).slice(-perModel + 1);
    const others = this.versions.filter((other) => !isOf(other, uri, picture.model));
    this.versions = [...others, ...mine, version].slice(-most);
    void this.memento.update(key, this.versions);
  }

  /** Of a model, the latest first. */
  of({ uri, model }: Target): Version[] {
    return this.versions.filter((version) => isOf(version, uri, model)).reverse();
  }
}

/** Overlays show no contributions, and these are most of a picture. */
export function withoutOps(picture: Picture): Picture {
  return { ...picture, contributions: { ...picture.contributions, ops: [] } };
}

export function isSame(a: Picture, b: Picture): boolean {
  return a.origin.key === b.origin.key;
}

function isOf({ uri, picture }: Version, otherUri: string, model: string): boolean {
  return uri === otherUri && picture.model === model;
}

/** `ResNet20, 10:42`, with the date when that is not today. */
export function versionName({ picture, time }: Version, now = new Date()): string {
  const date = new Date(time);
  const clock = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const today = date.toDateString() === now.toDateString();
  return `${picture.model}, ${today ? clock : `${date.toLocaleDateString()} ${clock}`}`;
}
