import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Evaluation } from '../../../server/evaluation/evaluation.ts';
import { metricText, paragraphsOf, rowTitle } from '../../../server/evaluation/report.ts';
import { drawEvaluation } from '../../../server/plot/evaluation-figure.ts';
import { themePalette } from '../../../server/plot/palette.ts';
import type { EvaluationView, FromEvaluation } from '../protocol.ts';
import { SvgView } from '../../webview/page/svg-view.tsx';

interface AppProps {
  /** Absent while the extension has not answered. */
  readonly view: EvaluationView | undefined;
  readonly post: (message: FromEvaluation) => void;
}

export function App({ view, post }: AppProps): VNode {
  if (view === undefined)
    return (
      <div class="notice" aria-busy="true">
        <p>Asking for the evaluation…</p>
      </div>
    );
  const { request, state } = view;
  const file = request.file.split(/[\\/]/).at(-1) ?? request.file;
  return (
    <>
      <header>
        <div class="title">
          <h1>Evaluation</h1>
          <span class="chip">{file}</span>
          <span class="chip">against {request.target}</span>
          <span class="chip status" role="status">
            {state.kind === 'running' ? state.text : statusTexts[state.kind]}
          </span>
        </div>
        <div class="toolbar">
          {state.kind === 'running' ? (
            <button
              class="button quiet"
              onClick={() => {
                post({ kind: 'cancel' });
              }}
            >
              Cancel
            </button>
          ) : null}
          {state.kind === 'stopped' || state.kind === 'failed' ? (
            <button
              class="button primary"
              onClick={() => {
                post({ kind: 'run' });
              }}
            >
              {state.kind === 'stopped' ? 'Go On' : 'Try Again'}
            </button>
          ) : null}
          {state.kind === 'done' ? (
            <button
              class="button quiet"
              onClick={() => {
                post({ kind: 'choose-export' });
              }}
            >
              Export…
            </button>
          ) : null}
        </div>
        {state.kind === 'running' ? (
          <progress max={1} value={state.done} aria-label="Networks scored" />
        ) : null}
      </header>
      {state.kind === 'done' ? <Result evaluation={state.evaluation} /> : <Waiting view={view} />}
    </>
  );
}

const statusTexts = { stopped: 'stopped', failed: 'failed', done: 'done' } as const;

function Waiting({ view: { request, state } }: { readonly view: EvaluationView }): VNode {
  if (state.kind === 'failed')
    return (
      <div class="notice">
        <p>The evaluation gave no result.</p>
        <pre class="muted">{state.message}</pre>
      </div>
    );
  return (
    <div class="notice" aria-busy={state.kind === 'running'}>
      <p>
        {state.kind === 'stopped'
          ? 'The evaluation is not complete.'
          : request.kind === 'columns'
            ? 'Computing the metrics…'
            : `Computing ${request.proxies.join(', ')} for the networks of the table…`}
      </p>
      <p class="muted">
        {state.kind === 'stopped'
          ? 'What was computed is kept: it goes on from there.'
          : 'It runs behind what the editor computes. What is computed is kept when it is cancelled.'}
      </p>
    </div>
  );
}

function Result({ evaluation }: { readonly evaluation: Evaluation }): VNode {
  const titles = evaluation.scores[0]?.metrics.map(({ title }) => title) ?? [];
  const [chosen, setChosen] = useState<string>();
  const choose = ({ target }: { readonly target: EventTarget | null }): void => {
    const point = target instanceof Element ? target.closest('[data-network]') : null;
    if (point === null) return;
    const row = Number(point.getAttribute('data-network'));
    const name = evaluation.names[row];
    if (name === undefined) return;
    setChosen(
      `${name} · ${evaluation.target} ${String(evaluation.targets[row]!)} · score ${point.getAttribute('data-value') ?? ''}`,
    );
  };
  return (
    <>
      <figure class="evaluation" data-figure="evaluation" onClick={choose}>
        <SvgView drawing={drawEvaluation(evaluation, themePalette)} />
        <figcaption class="muted" aria-live="polite">
          {chosen ?? 'A click on a point shows which network it is.'}
        </figcaption>
      </figure>
      <section>
        <h2>Metrics</h2>
        <div class="scroll" tabIndex={0} role="group" aria-label="Metrics of all scores">
          <table>
            <caption class="visually-hidden">Metrics of all scores, with their intervals</caption>
            <thead>
              <tr>
                <th scope="col">Score</th>
                {titles.map((title) => (
                  <th key={title} scope="col" class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {evaluation.scores.map((score) => (
                <tr key={score.name} data-score={score.name}>
                  <th scope="row">{rowTitle(score, evaluation)}</th>
                  {score.metrics.map((metric) => (
                    <td key={metric.name} class="number">
                      {metricText(metric)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="notes muted">
        {paragraphsOf(evaluation).map((text) => (
          <p key={text}>{text}</p>
        ))}
      </section>
    </>
  );
}
