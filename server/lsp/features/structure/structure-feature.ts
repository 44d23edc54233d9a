import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { foldingRanges } from './folding.ts';
import { selectionRanges } from './selection-ranges.ts';

export function structureFeature(session: Session): Feature {
  const { connection } = session;
  return {
    capabilities: { foldingRangeProvider: true, selectionRangeProvider: true },
    listen() {
      connection.onFoldingRanges(
        session.about('Folding', ({ document, analysis }) => foldingRanges(document, analysis.parse)),
      );
      connection.onSelectionRanges(
        session.about('Selection ranges', (opened, { positions }) => selectionRanges(opened, positions)),
      );
    },
  };
}
