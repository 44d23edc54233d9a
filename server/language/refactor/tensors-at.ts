import type {
  Body,
  BlockDecl,
  Flow,
  FlowElement,
  ModelDecl,
  SpaceDecl,
  Span,
  Statement,
} from '../../../grammar/syntax.ts';
import { childrenOf, nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { opRegistry } from '../../network/ops/index.ts';
import type { Module } from '../names/meaning.ts';

/**
 * How many tensors flow into a part of a body, as far as the text alone shows it: `undefined` where an op that is a value may give
 * several.
 */
export function tensorsAt(
  owner: BlockDecl | ModelDecl | SpaceDecl,
  part: Span,
  module: Module,
): number | undefined {
  // Several flow only where somebody has put them together.
  if (!hasSeveral(module)) return 1;
  const counter = new Counter(module);
  return counter.at(owner.body, incoming(owner), part);
}

function incoming(owner: SyntaxNode): number {
  return (owner as Partial<BlockDecl>).inputs?.names.length ?? 1;
}

function hasSeveral({ parse, names }: Module): boolean {
  const several = nodesOf(
    parse.file,
    (node): node is SyntaxNode =>
      'names' in node && node.kind !== 'import' && (node.names as readonly unknown[]).length > 1,
  );
  return (
    several.length > 0 ||
    [...names.values()].some((each) => each?.decl.kind === 'block' && incoming(each.decl) > 1)
  );
}

class Counter {
  readonly #module: Module;
  /** Blocks that are being counted: none contains itself, unless that is an error. */
  readonly #open = new Set<BlockDecl>();

  constructor(module: Module) {
    this.#module = module;
  }

  at(body: Body, before: number | undefined, part: Span): number | undefined {
    let count = before;
    for (const statement of body.statements) {
      if (statement.span.start >= part.start) return count;
      if (statement.span.end >= part.end) return this.#inside(statement, count, part);
      count = this.#statement(statement, count);
    }
    return count;
  }

  /** In a node that is around the part: a flow up to it, or a body that gets what the node gets. */
  #inside(node: SyntaxNode, before: number | undefined, part: Span): number | undefined {
    if ('elements' in node && node.kind === undefined) {
      let count = before;
      for (const element of (node as Flow).elements) {
        if (element.span.start >= part.start) return count;
        if (element.span.end >= part.end) return this.#inside(element, count, part);
        count = this.#element(element);
      }
      return count;
    }
    const child = childrenOf(node).find(({ span }) => span.start <= part.start && part.end <= span.end);
    if (child === undefined) return before;
    return 'statements' in child ? this.at(child as Body, before, part) : this.#inside(child, before, part);
  }

  #body({ statements }: Body, before: number | undefined): number | undefined {
    return statements.reduce((count, statement) => this.#statement(statement, count), before);
  }

  #statement(statement: Statement, before: number | undefined): number | undefined {
    switch (statement.kind) {
      case 'flow-statement':
        return statement.flow.elements.reduce<number | undefined>(
          (_, element) => this.#element(element),
          before,
        );
      case 'repeat':
      case 'for':
      case 'if':
        return this.#body(statement.body, before);
      case 'let':
      case 'input':
      case 'classes':
      case 'constraint':
        return before;
    }
  }

  #element(element: FlowElement): number | undefined {
    switch (element.kind) {
      case 'tensors':
        return element.names.length;
      case 'residual':
      case 'parallel':
        return 1;
      case 'op-call': {
        const { name } = element.callee;
        const decl = this.#module.names.get(name)?.decl;
        if (decl?.kind === 'block') return this.#block(decl);
        return decl?.kind === 'cell' || (decl === undefined && opRegistry.has(name)) ? 1 : undefined;
      }
      case 'choice-element':
      case 'missing':
        return undefined;
    }
  }

  /** What a block gives. The names in it may be those of another file: then it is not known. */
  #block(decl: BlockDecl): number | undefined {
    if (this.#open.has(decl)) return undefined;
    this.#open.add(decl);
    const count = this.#body(decl.body, incoming(decl));
    this.#open.delete(decl);
    return count;
  }
}
