import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { formatDocument, formatRange, formatTyped, typedCharacters } from './formatting.ts';

const [first, ...more] = typedCharacters;

export function formattingFeature(session: Session): Feature {
  const { connection } = session;
  return {
    capabilities: {
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
      documentOnTypeFormattingProvider: { firstTriggerCharacter: first, moreTriggerCharacter: more },
    },
    listen() {
      connection.onDocumentFormatting(session.about('Formatting', (opened) => formatDocument(opened)));
      connection.onDocumentRangeFormatting(
        session.about('Formatting a range', (opened, { range }) => formatRange(opened, range)),
      );
      connection.onDocumentOnTypeFormatting(
        session.about('Formatting on type', (opened, { position, ch }) => formatTyped(opened, position, ch)),
      );
    },
  };
}
