import type { Declaration, Module } from '../language/names/meaning.ts';
import type { ModelPlace } from './variants.ts';

/**
 * Models whose networks what stands at an offset is part of: the model the offset lies in, or those that use the block,
 * cell or value around it, those of the same file first. An edit there changes all of them.
 *
 * @param others modules of other files
 */
export function modelsUsing(
  module: Module,
  offset: number,
  others: readonly Module[],
): readonly ModelPlace[] {
  const target = module.declarations.find(({ decl: { span } }) => span.start <= offset && offset <= span.end);
  if (target === undefined) return [];
  const modules = [module, ...others.filter(({ uri }) => uri !== module.uri)];
  return modules.flatMap(({ uri, declarations }) =>
    declarations
      .filter((each) => each.decl.kind === 'model' && each.name !== '' && reaches(each, target))
      .map(({ name }) => ({ uri, name })),
  );
}

/** Whether a declaration is another or uses it, directly or through others. */
function reaches(from: Declaration, target: Declaration): boolean {
  const seen = new Set([from]);
  for (const each of seen) {
    if (isSame(each, target)) return true;
    for (const next of each.uses) seen.add(next);
  }
  return false;
}

/** Modules of an earlier text of an importing file hold declarations of their own. */
function isSame(a: Declaration, b: Declaration): boolean {
  return a.name === b.name && a.module.uri === b.module.uri && a.decl.span.start === b.decl.span.start;
}
