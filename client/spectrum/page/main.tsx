import { render } from 'preact';
import { stateFormat } from '../state-format.ts';
import type { FromPage, PageState, ToPage } from '../protocol.ts';
import { connect } from '../../webview/page/bridge.ts';
import '../../webview/page/base.css';
import '../../webview/page/panel.css';
import '../../webview/page/figures.css';
import { App } from './app.tsx';
import './spectrum.css';
import './contributions.css';
import { exportAs } from '../../webview/page/export.ts';
import { pictureWriters } from './export.ts';

const root = document.getElementById('root')!;

const bridge = connect<FromPage, PageState, ToPage>({ onMessage: receive });
let state: PageState | undefined = bridge.kept?.format === stateFormat ? bridge.kept : undefined;
let cursor: Extract<ToPage, { kind: 'cursor' }>['cursor'] | undefined;

function receive(message: ToPage): void {
  switch (message.kind) {
    case 'view':
      change({ view: message.view });
      break;
    case 'cursor':
      ({ cursor } = message);
      draw();
      break;
    case 'export': {
      const picture = state?.view.answer?.picture;
      if (state !== undefined && picture !== undefined)
        void exportAs(message.format, pictureWriters(state, picture), bridge.post);
      break;
    }
  }
}

function change(part: Partial<PageState>): void {
  const view = part.view ?? state?.view;
  if (view === undefined) return;
  state = { toggled: [], order: 'depth', ...state, ...part, format: stateFormat, view };
  bridge.keep(light(state));
  draw();
}

/** A picture of more ops is not worth keeping: the extension sends it again. */
const mostKept = 2000;

function light(whole: PageState): PageState {
  const { answer, ...view } = whole.view;
  const ops = answer?.picture?.contributions.ops.length ?? 0;
  return ops > mostKept ? { ...whole, view } : whole;
}

function draw(): void {
  if (state === undefined) return;
  render(<App state={state} cursor={cursor} change={change} post={bridge.post} />, root);
}

// What was shown before the page was hidden or reloaded, until the extension says more.
draw();
