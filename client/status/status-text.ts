import type { EngineStatus } from '../../server/engine/engine.ts';
import { plain } from '../../server/base/markdown.ts';
import type { ServerState } from '../connection/language-server.ts';

export interface StatusText {
  /** With codicons, short. */
  readonly text: string;
  /** Plain, for screen readers and the quick pick. */
  readonly summary: string;
  /** Markdown: what the engine is and does. */
  readonly detail: string;
  /** Nothing can be scored as it is. */
  readonly warning: boolean;
}

const states: Readonly<Record<EngineStatus['state'], { icon: string; words: string }>> = {
  stopped: { icon: '$(circle-outline)', words: 'not started: starts with the next score' },
  starting: { icon: '$(loading~spin)', words: 'starting' },
  idle: { icon: '$(pulse)', words: 'ready' },
  busy: { icon: '$(loading~spin)', words: 'scoring' },
  restarting: { icon: '$(loading~spin)', words: 'restarting' },
  failed: { icon: '$(warning)', words: 'failed' },
};

/** What the status item says of server and engine. */
export function statusText(server: ServerState, engine: EngineStatus | undefined): StatusText {
  if (server === 'failed' || server === 'stopped' || engine === undefined) {
    const words =
      server === 'failed'
        ? 'the language server stopped and was not started again'
        : server === 'stopped'
          ? 'the language server is restarting'
          : 'starting';
    return {
      text: `${server === 'failed' ? '$(warning)' : '$(loading~spin)'} Archlens`,
      summary: `Archlens: ${words}`,
      detail: `**Archlens**: ${words}`,
      warning: server === 'failed',
    };
  }
  const { icon, words } = states[engine.state];
  const name = engine.info?.name ?? 'Archlens';
  const reason = engine.reason === undefined ? '' : `: ${engine.reason}`;
  const rows = [
    ['Engine', engine.info?.name ?? 'none yet'],
    ['State', `${words}${reason}`],
    ['Device', engine.info?.device],
    ['Threads', engine.info?.threads],
    ['Version', engine.info?.version],
    ['Process', engine.pid],
  ].filter((row): row is [string, string | number] => row[1] !== undefined);
  return {
    text: `${icon} ${name}`,
    summary: `Archlens engine ${engine.info?.name ?? ''} ${words}${reason}`.replaceAll(/\s+/g, ' '),
    detail: [
      '| Archlens | |',
      '|---|---|',
      ...rows.map(([key, value]) => `| ${key} | ${plain(String(value))} |`),
    ].join('\n'),
    warning: engine.state === 'failed',
  };
}
