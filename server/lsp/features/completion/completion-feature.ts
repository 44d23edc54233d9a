import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { completionTriggers, Completions } from './completion.ts';

export function completionFeature(session: Session): Feature {
  const { connection } = session;
  const completions = new Completions(session);
  return {
    capabilities: {
      completionProvider: { triggerCharacters: [...completionTriggers], resolveProvider: true },
    },
    listen() {
      connection.onCompletion(
        session.about('Completion', (opened, params) => completions.answer(opened, params)),
      );
      connection.onCompletionResolve((item, token) =>
        session.guard('Completion details', item, () => completions.resolve(item))(item, token),
      );
    },
    initialize(client) {
      completions.initialize(client);
    },
  };
}
