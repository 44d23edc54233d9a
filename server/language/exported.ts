import { countWhere } from '../base/bisect.ts';
import type { ImportDecl, Span } from '../../grammar/syntax.ts';
import type { Comparisons } from '../base/nearest-name.ts';
import type { Problem } from './check/diagnostics.ts';
import type { Declaration, Module } from './names/meaning.ts';
import { libraryScheme } from './library.ts';
import type { ImportTarget } from './names/import-target.ts';
import { didYouMean } from './names/suggest.ts';
import { kindOf } from './names/templates.ts';

/** What other files can import: models too, of which they make their own. */
export function isExported({ decl }: Declaration): boolean {
  const parametric = decl.kind === 'model' && decl.params.length > 0;
  return decl.kind === 'block' || decl.kind === 'cell' || decl.kind === 'let' || parametric;
}

export function unknownExport(
  decl: ImportDecl,
  name: string,
  span: Span,
  module: Module,
  declaration: Declaration | undefined,
  comparisons: Comparisons,
): Problem {
  const exported = function* (): Generator<string> {
    for (const candidate of module.declarations) if (isExported(candidate)) yield candidate.name;
  };
  return {
    code: 'unknown-export',
    message:
      declaration === undefined
        ? `${pathText(decl)} declares no \`${name}\`.${didYouMean(name, exported(), comparisons)}`
        : `\`${name}\` is a ${kindOf(declaration.decl)} of ${pathText(decl)}: only blocks, cells, lets and models with parameters can be imported.`,
    span,
  };
}

/** The place of the first error inside a declaration of another file. */
export function firstProblem({ module, decl }: Declaration): Span | undefined {
  let spans = problemSpans.get(module);
  if (spans === undefined) {
    spans = [...module.parse.problems, ...module.problems]
      .map(({ span }) => span)
      .sort((a, b) => a.start - b.start);
    problemSpans.set(module, spans);
  }
  const { start, end } = decl.span;
  const first = spans[countWhere(spans, (span) => span.start < start)];
  return first !== undefined && first.end <= end ? first : undefined;
}

/** Where something is wrong in a linked file, in the order of the text. */
const problemSpans = new WeakMap<Module, readonly Span[]>();

const byName = new WeakMap<Module, ReadonlyMap<string, Declaration>>();

/** What a linked file declares; of two declarations with one name, the first. */
export function declarationsOf(module: Module): ReadonlyMap<string, Declaration> {
  let names = byName.get(module);
  if (names === undefined) {
    names = new Map(module.declarations.toReversed().map((declaration) => [declaration.name, declaration]));
    byName.set(module, names);
  }
  return names;
}

/** What is wrong with an import as a whole. */
export function failureOf(
  found: ImportTarget,
  decl: ImportDecl,
): Pick<Problem, 'code' | 'message'> | undefined {
  const path = pathText(decl);
  if (found === undefined)
    return {
      code: 'import-not-found',
      message: path.startsWith(libraryScheme)
        ? `${path} is missing from this installation of Archlens: install it anew.`
        : `There is no file ${path}: check the path, which is relative to this file.`,
    };
  if (found === 'cycle')
    return {
      code: 'import-cycle',
      message: `${path} imports this file, directly or through others: move what both need to a third file.`,
    };
  return 'unreadable' in found
    ? { code: 'import-unreadable', message: `${path} cannot be read: ${found.unreadable}.` }
    : undefined;
}

export function pathText(decl: ImportDecl): string {
  return decl.path.kind === 'string' ? decl.path.value : 'the file';
}
