import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { linkedEditing } from './linked-editing.ts';
import { prepareRename, rename } from './rename.ts';

export function renameFeature(session: Session): Feature {
  const { connection } = session;
  return {
    capabilities: { renameProvider: { prepareProvider: true }, linkedEditingRangeProvider: true },
    listen() {
      connection.onPrepareRename(
        session.about('Rename', (opened, { position }) => prepareRename(session, opened, position)),
      );
      connection.onRenameRequest(
        session.about('Rename', (opened, { position, newName }) =>
          rename(session, opened, position, newName),
        ),
      );
      connection.languages.onLinkedEditingRange(
        session.about('Linked editing', (opened, { position }) => linkedEditing(session, opened, position)),
      );
    },
  };
}
