import type { Declaration, Module } from '../language/names/meaning.ts';
import { isNetwork } from '../language/names/templates.ts';
import type { ModelPlace } from './variants.ts';

/**
 * The models that an edit at an offset changes: the model that the offset lies in, or all that use the block, cell or value
 * around it, directly or through others; those of the same file first.
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
  const models = modules.flatMap(({ declarations }) =>
    declarations.filter((each) => isNetwork(each.decl) && each.name !== ''),
  );
  const using = usersOf(target, models);
  return models.filter((each) => using.has(each)).map(({ name, module: { uri } }) => ({ uri, name }));
}

/** A declaration and what uses it, directly or through others, among what `models` are made of. */
function usersOf(target: Declaration, models: readonly Declaration[]): ReadonlySet<Declaration> {
  const users = new Map<Declaration, Declaration[]>();
  const all = new Set(models);
  for (const each of all)
    for (const used of each.uses) {
      all.add(used);
      const known = users.get(used);
      if (known === undefined) users.set(used, [each]);
      else known.push(each);
    }
  const found = new Set([...all].filter((each) => isSame(each, target)));
  for (const each of found) for (const user of users.get(each) ?? []) found.add(user);
  return found;
}

/** Whether two objects are one declaration: files that were linked at different times hold objects of their own. */
function isSame(a: Declaration, b: Declaration): boolean {
  return a.name === b.name && a.module.uri === b.module.uri && a.decl.span.start === b.decl.span.start;
}
