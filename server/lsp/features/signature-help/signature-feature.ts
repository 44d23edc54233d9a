import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { signatureHelp } from './signature-help.ts';

export function signatureFeature(session: Session): Feature {
  return {
    capabilities: {
      signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [')'] },
    },
    listen() {
      session.connection.onSignatureHelp(
        session.about('Signature help', (opened, { position }) => signatureHelp(session, opened, position)),
      );
    },
  };
}
