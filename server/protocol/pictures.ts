/** Pictures of scores, for a client that draws them. */
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { Picture } from '../plot/picture.ts';
import type { ScoreDifference } from '../score/difference.ts';
import type { ScoreState } from './protocol.ts';

export interface PictureParams {
  readonly uri: string;
  readonly model: string;
}

export interface PictureAnswer {
  readonly state: ScoreState;
  /** As on the lens. */
  readonly title: string;
  /** Why there is no score of the text as it is: a failure and its remedy, or errors. */
  readonly problem?: string;
  /** Of the text as it is in the states `current` and `refining`, else the last one; absent when there is none. */
  readonly picture?: Picture;
  readonly contributions: ContributionState;
  /** What the text as it is has changed against the last settled version of the model. */
  readonly difference?: ScoreDifference;
  /** In the state `quick`: about how long the rest takes. */
  readonly secondsToSettle?: number;
}

/** What the contributions of a picture are. */
export type ContributionState =
  /** As good as they will be. */
  | { readonly state: 'current' }
  /** On their way; shown are those of an earlier text, or those of the scored tensors alone. */
  | { readonly state: 'computing'; readonly shown: 'earlier' | 'scored' }
  | { readonly state: 'failed'; readonly message: string };

/**
 * The picture of a model; null for an unknown document or model. Asks for the contributions of all its ops too, which
 * come later.
 */
export const picture = new RequestType<PictureParams, PictureAnswer | null, void>('archlens/picture');

/** Server → client: pictures of a document that was asked about have changed. */
export const pictureChanged = new NotificationType<{ readonly uri: string }>('archlens/pictureChanged');
