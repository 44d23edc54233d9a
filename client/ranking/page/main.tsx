import { render } from 'preact';
import type { FromLeaderboard, LeaderboardState, LeaderboardView, ToLeaderboard } from '../protocol.ts';
import { connect } from '../../webview/page/bridge.ts';
import '../../webview/page/base.css';
import '../../webview/page/panel.css';
import '../../webview/page/figures.css';
import { App } from './app.tsx';
import './leaderboard.css';
import { exportAs } from '../../webview/page/export.ts';
import { leaderboardWriters } from './export.ts';

const root = document.getElementById('root')!;

let view: LeaderboardView | undefined;
const bridge = connect<FromLeaderboard, LeaderboardState, ToLeaderboard>({ onMessage: receive });
let state: LeaderboardState = bridge.kept ?? { cost: 'macs' };

function receive(message: ToLeaderboard): void {
  if (message.kind === 'view') {
    ({ view } = message);
    draw();
  } else if (view !== undefined) void exportAs(message.format, leaderboardWriters(view, state), bridge.post);
}

function change(part: Partial<LeaderboardState>): void {
  state = { ...state, ...part };
  bridge.keep(state);
  draw();
}

function draw(): void {
  render(<App view={view} state={state} change={change} post={bridge.post} />, root);
}

draw();
