import { functions } from '../../../language/values/functions.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import { declarationHover } from '../hover/declaration.ts';
import { opHover } from '../hover/op.ts';
import { keywordHelp } from '../hover/keyword-help.ts';
import { fenced } from '../../../base/markdown.ts';
import type { Session } from '../../session.ts';
import type { Details } from './item.ts';

/** The documentation of a suggestion, as its hover has it. */
export function detailsOf(session: Session, details: Details): string | undefined {
  switch (details.of) {
    case 'op': {
      const op = opRegistry.get(details.name);
      return op === undefined ? undefined : opHover(op, [], undefined);
    }
    case 'keyword':
      return keywordHelp(details.name);
    case 'function': {
      const known = functions.get(details.name);
      return known === undefined ? undefined : `${fenced(known.signature)}\n\n${known.doc}`;
    }
    case 'declaration': {
      const { uri, start } = details;
      const declaring = session.project.analyse(uri);
      const symbol = declaring.symbols().find(({ selectionSpan }) => selectionSpan.start === start);
      return symbol === undefined
        ? undefined
        : declarationHover(declaring, { declaring, nameSpan: symbol.selectionSpan });
    }
  }
}
