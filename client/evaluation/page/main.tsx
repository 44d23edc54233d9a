import { render } from 'preact';
import type { EvaluationRequest, EvaluationView, FromEvaluation, ToEvaluation } from '../protocol.ts';
import { connect } from '../../webview/page/bridge.ts';
import '../../webview/page/base.css';
import '../../webview/page/panel.css';
import '../../webview/page/figures.css';
import { App } from './app.tsx';
import './evaluation.css';
import { exportAs } from '../../webview/page/export.ts';
import { evaluationWriters } from './export.ts';

const root = document.getElementById('root')!;

let view: EvaluationView | undefined;
// What was asked for outlives a reload of the window; numbers do not, they are in the journal.
const bridge = connect<FromEvaluation, EvaluationRequest, ToEvaluation>({ onMessage: receive });

function receive(message: ToEvaluation): void {
  if (message.kind === 'view') {
    ({ view } = message);
    bridge.keep(view.request);
    draw();
  } else if (view?.state.kind === 'done')
    void exportAs(message.format, evaluationWriters(view.state.evaluation), bridge.post);
}

function draw(): void {
  render(<App view={view} post={bridge.post} />, root);
}

draw();
