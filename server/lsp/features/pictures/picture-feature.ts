import manifest from '../../../../package.json' with { type: 'json' };
import { fileNameOf } from '../../../base/uris.ts';
import type { Location, Network } from '../../../network/network.ts';
import { pictureOf } from '../../../plot/picture-of.ts';
import type { Contributions, Picture, Place } from '../../../plot/picture.ts';
import type { Score } from '../../../score/types.ts';
import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import { Delayed } from '../../../base/delayed.ts';
import { sameUri } from '../../../base/uris.ts';
import type { InsightState } from '../../../scoring/insight-board.ts';
import { errorsOf, lensText } from '../lenses/lens-text.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';
import * as protocol from '../../../protocol/pictures.ts';
import type { ContributionState, PictureAnswer, PictureParams } from '../../../protocol/pictures.ts';
import type { Session } from '../../session.ts';

/** Milliseconds in which changes are gathered before the client is told. */
const pause = 50;

/** Pictures for a client that draws them. Nothing is made for a client that never asks. */
export class PictureFeature implements Feature {
  readonly #session: Session;
  readonly #checker: Checker;
  /** By document, what was asked about: the last picture of each model, for when its text has errors. */
  readonly #asked = new Map<string, Map<string, Picture | undefined>>();
  readonly #changed = new Set<string>();
  readonly #telling = new Delayed(pause, () => {
    this.#tell();
  });

  constructor(session: Session, checker: Checker) {
    this.#session = session;
    this.#checker = checker;
    const changed = (uri: string): void => {
      if (this.#asked.has(sameUri(uri))) this.#schedule(sameUri(uri));
    };
    session.onScores(changed);
    session.onInsights(changed);
  }

  listen(): void {
    this.#session.connection.onRequest(
      protocol.picture,
      this.#session.guard('Picture', null, async (params: PictureParams) => {
        await this.#checker.ready(params.uri);
        return this.#answer(params);
      }),
    );
  }

  #answer({ uri, model: name }: PictureParams): PictureAnswer | null {
    const key = sameUri(uri);
    const asked = this.#asked.get(key) ?? new Map<string, Picture | undefined>();
    this.#asked.set(key, asked);
    const model = this.#session.board.model(key, name);
    if (model === undefined) {
      asked.delete(name);
      return null;
    }
    const { insights } = this.#session;
    insights.want(key, name, 'visible');
    const { title } = lensText(model);
    const earlier = asked.get(name);
    if (model.state === 'current' || model.state === 'refining' || model.state === 'quick') {
      const inside = insights.of(key, name);
      const picture = this.#picture(uri, model.text.network, model.score, inside, earlier);
      asked.set(name, picture);
      return {
        state: model.state,
        title,
        picture,
        contributions: contributionState(inside, picture),
        ...(model.difference === undefined ? {} : { difference: model.difference }),
        ...(model.state === 'quick' ? { secondsToSettle: model.secondsToSettle } : {}),
      };
    }
    const problem = problemOf(model);
    asked.set(name, earlier);
    return {
      state: model.state,
      title,
      ...(problem === undefined ? {} : { problem }),
      ...(earlier === undefined || model.state === 'failed' ? {} : { picture: earlier }),
      contributions: { state: 'current' },
    };
  }

  #picture(
    uri: string,
    network: Network,
    score: Score,
    inside: InsightState,
    earlier: Picture | undefined,
  ): Picture {
    const placeOf = (location: Location): Place => {
      const text = this.#session.textOf(location.uri);
      const { start, end } = location.span;
      return { uri: text.uri, start: text.positionAt(start), end: text.positionAt(end) };
    };
    const picture = pictureOf({
      network,
      score,
      ...(inside.state === 'current' ? { insight: inside.insight } : {}),
      file: fileNameOf(uri),
      version: manifest.version,
      placeOf,
    });
    // Until those of this text are there: better than those of some of the tensors, and they do not flicker.
    return inside.state === 'computing' && earlier?.contributions.over === 'all'
      ? { ...picture, contributions: placedAnew(earlier.contributions, picture) }
      : picture;
  }

  #schedule(uri: string): void {
    this.#changed.add(uri);
    this.#telling.start();
  }

  #tell(): void {
    const uris = [...this.#changed];
    this.#changed.clear();
    for (const key of uris) {
      const open = this.#session.documents.get(key);
      if (open === undefined) this.#asked.delete(key);
      this.#session.background('Telling pictures', () =>
        this.#session.connection.sendNotification(protocol.pictureChanged, { uri: open?.uri ?? key }),
      );
    }
  }
}

/** The same contributions, at the places where their ops are now. */
function placedAnew(contributions: Contributions, { contributions: { ops } }: Picture): Contributions {
  const now = new Map(ops.map((op) => [op.path, op]));
  return {
    ...contributions,
    earlier: true,
    ops: contributions.ops.map((op) => {
      const { place, calls } = now.get(op.path) ?? op;
      return { ...op, place, calls };
    }),
  };
}

function contributionState(inside: InsightState, picture: Picture): ContributionState {
  switch (inside.state) {
    case 'current':
    case 'absent':
      return { state: 'current' };
    case 'failed':
      return { state: 'failed', message: inside.failure.message };
    case 'computing':
      return {
        state: 'computing',
        shown: picture.contributions.earlier === true ? 'earlier' : 'scored',
      };
  }
}

function problemOf(model: ModelScore): string | undefined {
  switch (model.state) {
    case 'failed':
      return model.failure.message;
    case 'stale':
    case 'invalid':
      return `The model has ${errorsOf(model)}.`;
    case 'current':
    case 'refining':
    case 'quick':
    case 'computing':
    case 'on-demand':
      return undefined;
  }
}
