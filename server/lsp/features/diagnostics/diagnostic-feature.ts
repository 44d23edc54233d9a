import { optionsOf } from '../../../protocol/protocol.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';

/** Where the codes of diagnostics are explained. Nobody asks for diagnostics: the checker publishes them. */
export function diagnosticFeature({ documentation }: Session): Feature {
  return {
    initialize(client) {
      documentation.initialize(optionsOf(client).explainCommand);
    },
  };
}
