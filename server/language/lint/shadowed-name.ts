import type { Body, Identifier, Span } from '../../../grammar/syntax.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { isContextName, isMetricName, isOftenHidden } from '../values/builtins.ts';
import { functions } from '../values/functions.ts';
import type { Problem, Report } from '../check/diagnostics.ts';
import type { Declaration, Module } from '../names/meaning.ts';
import { isParametric, kindOf } from '../names/templates.ts';
import { childrenOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { localNames } from './local-names.ts';
import { type LintRule, sound } from './rule.ts';

/** A name that hides another one, so that what it means depends on the line. */
export const shadowedName: LintRule = {
  code: 'shadowed-name',
  check({ module }, report) {
    for (const { decl } of sound(module)) {
      const hidden = hiddenByDeclaration(decl);
      if (hidden !== undefined) report(problem(decl.name, hidden));
      if (decl.kind !== 'let') enter(decl, new Names(), new Names(), module, report);
    }
  },
};

/** Names of a body, and where they are introduced, inside those of the bodies around it. */
class Names {
  readonly #outer: Names | undefined;
  readonly #own = new Map<string, Span>();

  constructor(outer?: Names) {
    this.#outer = outer;
  }

  get(name: string): Span | undefined {
    return this.#own.get(name) ?? this.#outer?.get(name);
  }

  set(name: string, span: Span): void {
    this.#own.set(name, span);
  }
}

/**
 * Names become visible as they are met, to the end of the body they are in.
 *
 * @param scope the names of the body that the node is in, added to here
 * @param outer those of the bodies around it: only they can be hidden, a second one in a body is an error
 */
function enter(node: SyntaxNode, scope: Names, outer: Names, module: Module, report: Report): void {
  // The name of a statement belongs to the body, those of a block or loop to what is inside.
  const own = localNames(node);
  const inside = ['repeat', 'for', 'block', 'model', 'cell'].includes(node.kind ?? '');
  const parametric = isParametric(node);
  const names = inside ? new Names(scope) : scope;
  const declare = (): void => {
    for (const { name } of own) {
      if (name.name === '' || name.name.startsWith('_')) continue;
      const hidden = hiddenBy(name, inside ? scope : outer, module);
      if (hidden !== undefined) report(problem(name, hidden, module.uri));
      names.set(name.name, name.span);
    }
  };
  if (inside) declare();
  for (const child of childrenOf(node)) {
    if (isBody(child)) {
      const body = new Names(names);
      // Parameters are names of the body itself.
      const around = parametric ? scope : names;
      for (const statement of child.statements) enter(statement, body, around, module, report);
    } else {
      enter(child, names, outer, module, report);
    }
  }
  if (!inside) declare();
}

interface Hidden {
  readonly what: string;
  readonly span?: Span;
}

function hiddenBy({ name }: Identifier, outer: Names, module: Module): Hidden | undefined {
  const local = outer.get(name);
  if (local !== undefined) return { what: 'the outer', span: local };
  const declaration = module.names.get(name);
  if (declaration !== undefined) {
    const { decl } = declaration;
    return declaration.module === module
      ? { what: `the ${kindOf(decl)}`, span: decl.name.span }
      : { what: `the imported ${kindOf(decl)}` };
  }
  return builtin(name);
}

/** Every search space defines the ops of its genotypes itself: those of NAS-Bench-201 are one definition of several. */
function hiddenByDeclaration({ kind, name: { name } }: Declaration['decl']): Hidden | undefined {
  if (kind === 'model' || kind === 'instance' || kind === 'space') return undefined;
  const isGenotypeOp = kind !== 'let' && opRegistry.get(name)?.category === 'nas-bench-201';
  return isGenotypeOp ? undefined : builtin(name);
}

function builtin(name: string): Hidden | undefined {
  if (opRegistry.has(name)) return { what: 'the op' };
  if (functions.has(name)) return { what: 'the function' };
  // Totals are known in constraints only, where nothing hides them.
  return isContextName(name) && !isMetricName(name) && !isOftenHidden(name)
    ? { what: 'the built-in' }
    : undefined;
}

function problem({ name, span }: Identifier, hidden: Hidden, uri?: string): Problem {
  return {
    code: 'shadowed-name',
    severity: 'info',
    message: `\`${name}\` hides ${hidden.what} \`${name}\`: choose another name.`,
    span,
    ...(hidden.span === undefined || uri === undefined
      ? {}
      : { related: [{ location: { uri, span: hidden.span }, message: 'hidden there' }] }),
  };
}

function isBody(node: SyntaxNode): node is Body {
  return 'statements' in node;
}
