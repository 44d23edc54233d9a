import { optionsOf } from '../../../protocol/protocol.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { codeActionKinds, codeActions } from './code-actions.ts';

export function codeActionFeature(session: Session): Feature {
  let listsAlternatives = false;
  return {
    capabilities: { codeActionProvider: { codeActionKinds: [...codeActionKinds] } },
    listen() {
      session.connection.onCodeAction(
        session.about('Code actions', (opened, params) =>
          codeActions(session, opened, params, listsAlternatives),
        ),
      );
    },
    initialize(client) {
      listsAlternatives = optionsOf(client).alternatives === true;
    },
  };
}
