import type { InlayHint, Range } from 'vscode-languageserver/node';
import { parameterHints } from './parameter-hints.ts';
import type { Opened, Session } from '../../session.ts';
import type { Settings } from '../../../protocol/settings.ts';
import { shapeHints } from './shape-hints.ts';
import { loopHints } from './loop-hints.ts';

/** The hints of a range that the settings ask for. */
export function inlayHints(
  session: Session,
  opened: Opened,
  range: Range,
  settings: Settings['inlayHints'],
): InlayHint[] {
  return [
    ...(settings.shapes ? shapeHints(session, opened, range) : []),
    ...(settings.loopVariables ? loopHints(session, opened, range) : []),
    ...(settings.parameterNames === 'none'
      ? []
      : parameterHints(session, opened, range, settings.parameterNames)),
  ];
}
