import type { Checker } from '../../checker.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { hover } from './hover.ts';

export function hoverFeature(session: Session, checker: Checker): Feature {
  return {
    capabilities: { hoverProvider: true },
    listen() {
      session.connection.onHover(
        session.guard('Hover', null, async ({ textDocument, position }) => {
          const opened = await checker.ready(textDocument.uri);
          return opened === undefined ? null : hover(session, opened, position);
        }),
      );
    },
  };
}
