import type { VNode } from 'preact';
import type { ContributionState, PictureAnswer } from '../../../server/protocol/pictures.ts';
import { drawDeciles } from '../../../server/plot/deciles-figure.ts';
import { drawEntropy } from '../../../server/plot/entropy-figure.ts';
import type { Series } from '../../../server/plot/figure.ts';
import { quantileName } from '../../../server/fisher/deciles.ts';
import type { Picture } from '../../../server/plot/picture.ts';
import { readingOf } from '../../../server/plot/reading.ts';
import { drawSpectrum } from '../../../server/plot/spectrum-figure.ts';
import type { View } from '../protocol.ts';
import type { AppProps } from './app-props.ts';
import { Comparison } from './comparison.tsx';
import { ContributionSection } from './contributions.tsx';
import { DecileTable } from './decile-table.tsx';
import { FigureView } from './figure-view.tsx';
import { Header } from './header.tsx';
import { Provenance } from './provenance.tsx';

export function App(props: AppProps): VNode {
  const { state, post } = props;
  const { view } = state;
  const { target, answer } = view;
  const picture = answer?.picture;
  return (
    <>
      <Header view={view} post={post} />
      {picture === undefined || target === undefined || answer === null || answer === undefined ? (
        <Notice view={view} post={post} />
      ) : (
        <Content {...props} picture={picture} answer={answer} />
      )}
    </>
  );
}

/** The models drawn: the one the panel is about first. */
export function seriesOf({ overlays }: View, picture: Picture): Series[] {
  return [{ name: picture.model, picture }, ...overlays];
}

function Content(props: AppProps & { readonly picture: Picture; readonly answer: PictureAnswer }): VNode {
  const { state, picture, answer, post } = props;
  const series = seriesOf(state.view, picture);
  const old = answer.state === 'computing' || answer.state === 'stale' || answer.state === 'on-demand';
  return (
    <div class={old ? 'content old' : 'content'} aria-busy={answer.state === 'computing'}>
      <section class="reading" aria-label="Reading">
        <ul>
          {readingOf(series).map(({ rule, tone, text, ops }) => (
            <li key={`${rule} ${text}`} class={tone}>
              {tone === 'caution' ? <span class="visually-hidden">Caution: </span> : null}
              {text}
              <ShowOp picture={picture} path={ops[0]} post={post} />
            </li>
          ))}
        </ul>
      </section>
      {series.length > 1 ? <Comparison series={series} overlays={state.view.overlays} post={post} /> : null}
      <section>
        <h2>Eigenvalue spectrum</h2>
        <FigureView name="spectrum" draw={(options) => drawSpectrum(series, options)} />
        <DecileTable series={series} />
      </section>
      <section>
        <h2>Normalised {quantileName(picture.origin.settings.norm)}s</h2>
        <FigureView name="deciles" draw={(options) => drawDeciles(series, options)} />
      </section>
      <section>
        <h2>Entropy</h2>
        <FigureView name="entropy" draw={(options) => drawEntropy(series, options)} />
      </section>
      <ContributionSection {...props} note={noteOf(answer.contributions, picture)} />
      <Provenance series={series} />
    </div>
  );
}

/** Leads to the first op a remark is about. */
function ShowOp({
  picture,
  path,
  post,
}: {
  picture: Picture;
  path: string | undefined;
  post: AppProps['post'];
}) {
  const op = picture.contributions.ops.find((each) => each.path === path);
  if (op === undefined) return null;
  const { uri, start, end } = op.place;
  return (
    <button
      class="button quiet show"
      aria-label={`Show ${op.label} in the source`}
      onClick={() => {
        post({ kind: 'reveal', place: { uri, start: { ...start }, end: { ...end } } });
      }}
    >
      Show
    </button>
  );
}

function noteOf(state: ContributionState, { contributions: { over, ops } }: Picture): string | undefined {
  switch (state.state) {
    case 'computing':
      return state.shown === 'earlier'
        ? 'Of an earlier version: those of the text as it is are on their way.'
        : 'Of the scored tensors alone: those of all tensors are on their way.';
    case 'failed':
      return `Of the scored tensors alone. ${state.message}`;
    case 'current':
      return over === 'scored' && ops.some(({ tensors }) => tensors === 0)
        ? 'Of the scored tensors alone.'
        : undefined;
  }
}

/** What is shown instead of a picture. */
function Notice({ view: { target, file, answer }, post }: { view: View; post: AppProps['post'] }): VNode {
  if (target === undefined)
    return (
      <div class="notice">
        <p>No model is open.</p>
        <p class="muted">Open an architecture file and put the cursor into a model.</p>
      </div>
    );
  if (answer === undefined)
    return (
      <div class="notice" aria-busy="true">
        <p>Asking for {target.model}…</p>
      </div>
    );
  if (answer === null)
    return (
      <div class="notice">
        <p>{target.model} is not in an open file any more.</p>
        <p class="muted">{file} was closed, or the model was renamed or deleted.</p>
        <button
          class="button primary"
          onClick={() => {
            post({ kind: 'open' });
          }}
        >
          Open {file}
        </button>
      </div>
    );
  switch (answer.state) {
    case 'failed':
      return (
        <div class="notice">
          <p>{answer.title.split(' · ')[0]}</p>
          {answer.problem === undefined ? null : <p class="muted">{answer.problem}</p>}
          <button
            class="button"
            onClick={() => {
              post({ kind: 'score' });
            }}
          >
            Score again
          </button>
        </div>
      );
    case 'on-demand':
      return (
        <div class="notice">
          <p>{target.model} is not scored unasked.</p>
          <p class="muted">It costs more than the limit, was stopped, or scoring while typing is off.</p>
          <button
            class="button primary"
            onClick={() => {
              post({ kind: 'score' });
            }}
          >
            Score it now
          </button>
        </div>
      );
    case 'invalid':
    case 'stale':
      return (
        <div class="notice">
          <p>No score yet.</p>
          <p class="muted">{answer.problem ?? ''} It is scored once there are none.</p>
        </div>
      );
    case 'computing':
    case 'current':
    case 'quick':
    case 'refining':
      return (
        <div class="notice" aria-busy="true">
          <p>Scoring {target.model}…</p>
        </div>
      );
  }
}
