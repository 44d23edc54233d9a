import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { incomingCalls, outgoingCalls, prepareCalls } from './call-hierarchy.ts';
import { documentLinks } from './document-links.ts';
import { definition, highlights } from './navigation.ts';
import { references } from './references.ts';

export function navigationFeature(session: Session): Feature {
  const { connection } = session;
  const { callHierarchy } = connection.languages;
  return {
    capabilities: {
      definitionProvider: true,
      documentHighlightProvider: true,
      referencesProvider: true,
      documentLinkProvider: {},
      callHierarchyProvider: true,
    },
    listen() {
      connection.onDefinition(
        session.about('Definition', (opened, { position }) => definition(session, opened, position)),
      );
      connection.onDocumentHighlight(
        session.about('Highlights', (opened, { position }) => highlights(opened, position)),
      );
      connection.onReferences(
        session.about('References', (opened, params) => references(session, opened, params)),
      );
      connection.onDocumentLinks(session.about('Links', (opened) => documentLinks(opened)));
      callHierarchy.onPrepare(
        session.about('Call hierarchy', (opened, { position }) => prepareCalls(session, opened, position)),
      );
      callHierarchy.onIncomingCalls(
        session.guard('Incoming calls', [], ({ item }) => incomingCalls(session, item)),
      );
      callHierarchy.onOutgoingCalls(
        session.guard('Outgoing calls', [], ({ item }) => outgoingCalls(session, item)),
      );
    },
  };
}
