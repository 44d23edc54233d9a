import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import type { Standings } from '../lenses/standing.ts';
import { hover } from './hover.ts';

export function hoverFeature(session: Session, checker: Checker, standings: Standings): Feature {
  return {
    capabilities: { hoverProvider: true },
    listen() {
      session.connection.onHover(
        session.guard('Hover', null, async ({ textDocument, position }) => {
          const opened = await checker.ready(textDocument.uri);
          return opened === undefined ? null : hover(session, opened, position, standings);
        }),
      );
    },
  };
}
