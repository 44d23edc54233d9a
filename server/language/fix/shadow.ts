import { type Fixer, freshName, nodeAround, placeOf, replace, usesOf } from './fix.ts';
import type { ParametricDecl } from '../names/templates.ts';

/** Renames what hides another name, everywhere in the file. */
export const renameHiding: Fixer = ({ location: { span } }, context) => {
  const { text, imported } = context;
  const name = text.slice(span.start, span.end);
  const block = nodeAround(
    context,
    span,
    (node): node is ParametricDecl => node.kind === 'block' || node.kind === 'model' || node.kind === 'cell',
  );
  const parameter = block !== undefined && placeOf(block.params, span) !== -1;
  // Other files may give the parameter by its name, or import what is renamed.
  if (imported.has(name) || (parameter && imported.has(block.name.name))) return [];
  const fresh = freshName(text, name);
  const changes = usesOf(context, span)
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end }) => replace(start, end, fresh));
  if (changes.length === 0) return [];
  return [{ title: `Rename to \`${fresh}\``, changes, preferred: false, safe: false }];
};
