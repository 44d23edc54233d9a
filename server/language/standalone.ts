import { format } from '../../grammar/format/format.ts';
import { printItem } from '../../grammar/print/print.ts';
import { closure } from './expand/expansion-cache.ts';
import { libraryPath } from './library.ts';
import type { Declaration, Module } from './names/meaning.ts';

/**
 * A declaration with all that it uses as a text that needs no other file: what comes with the program is imported by name, what other
 * files declare is copied. What is copied stands before what uses it.
 *
 * @throws RangeError where two files declare different things of one name
 */
export function standalone(declaration: Declaration): string {
  const used = closure(declaration);
  const own = used.filter(({ module }) => libraryPath(module.uri) === undefined);
  const files = [...new Set(own.map(({ module }) => module))].toReversed();
  const byPlace = (a: Declaration, b: Declaration): number =>
    files.indexOf(a.module) - files.indexOf(b.module) || a.decl.span.start - b.decl.span.start;
  const names = new Set<string>();
  const texts = own.toSorted(byPlace).map((each) => {
    if (names.has(each.name)) throw new RangeError(`Two files declare ${each.name}.`);
    names.add(each.name);
    return textOf(each);
  });
  return format(`${[...new Set(files.flatMap(silenced)), ...importsOf(own), ...texts].join('\n\n')}\n`);
}

/** With its documentation, and the comments right above it. */
function textOf({ module, decl }: Declaration): string {
  const start = decl.doc?.span.start ?? decl.span.start;
  const above = /(?:\/\/[^\n]*\n)*$/.exec(module.text.slice(0, start))!.index;
  return module.text.slice(above, decl.span.end);
}

/** The comments that turn diagnostics off in a whole file. */
function silenced({ text, parse }: Module): readonly string[] {
  return parse.comments
    .map(({ span }) => text.slice(span.start, span.end))
    .filter((comment) => /archlens:\s*ignore-file/.test(comment));
}

function importsOf(declarations: readonly Declaration[]): readonly string[] {
  const names = new Map<string, Set<string>>();
  for (const { uses } of declarations)
    for (const { module, name } of uses) {
      const path = libraryPath(module.uri);
      if (path !== undefined) names.set(path, (names.get(path) ?? new Set()).add(name));
    }
  return [...names].map(([path, imported]) =>
    printItem({
      kind: 'import',
      names: [...imported].sort().map((name) => ({ kind: 'identifier', name })),
      path: { kind: 'string', value: path },
    }),
  );
}
