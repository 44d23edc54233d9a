import { countWhere } from '../../server/base/bisect.ts';
import type { Body, CellEdges, Flow, Item, ListExpr, ParseResult, Span } from '../syntax.ts';
import type { Piece } from './pieces.ts';

/** What pieces are, by their index. */
export interface Roles {
  /** First pieces of statements, branches and edges. */
  readonly starts: ReadonlySet<number>;
  /** First pieces of the edges of cells, cell by cell. */
  readonly edges: readonly (readonly number[])[];
  /** First pieces of the edges of all cells. */
  readonly edgeStarts: ReadonlySet<number>;
  /** `->` and `:` between the nodes and the op of an edge. */
  readonly edgeMarks: ReadonlySet<number>;
  /** `:` before the shapes of statements, body by body. */
  readonly assertions: readonly (readonly number[])[];
  /** `[` of lists that hold nothing but tuples. */
  readonly tables: readonly number[];
  /** `{` of imports. */
  readonly imports: ReadonlySet<number>;
}

interface Node {
  readonly kind?: string;
  readonly span: Span;
}

export function rolesOf(pieces: readonly Piece[], { file }: ParseResult): Roles {
  return new Finder(pieces).find(file.items);
}

class Finder {
  readonly #pieces: readonly Piece[];
  readonly #byStart = new Map<number, number>();
  readonly #starts = new Set<number>();
  readonly #edges: number[][] = [];
  readonly #edgeStarts = new Set<number>();
  readonly #edgeMarks = new Set<number>();
  readonly #assertions: number[][] = [];
  readonly #tables: number[] = [];
  readonly #imports = new Set<number>();

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    for (const [index, { start }] of pieces.entries()) this.#byStart.set(start, index);
  }

  find(items: readonly Item[]): Roles {
    for (const item of items) {
      const first = this.#byStart.get(item.span.start);
      if (first === undefined || this.#pieces[first]!.verbatim) continue;
      if (item.kind === 'import') this.#imports.add(this.#next(first));
      this.#visit(item);
    }
    return {
      starts: this.#starts,
      edges: this.#edges,
      edgeStarts: this.#edgeStarts,
      edgeMarks: this.#edgeMarks,
      assertions: this.#assertions,
      tables: this.#tables,
      imports: this.#imports,
    };
  }

  #visit(node: Node): void {
    if ('statements' in node) this.#body(node as unknown as Body);
    if (node.kind === 'edges') this.#cell(node as CellEdges);
    if (node.kind === 'list') this.#list(node as ListExpr);
    for (const value of Object.values(node) as unknown[]) {
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
        if (typeof child === 'object' && child !== null && 'span' in child) this.#visit(child as Node);
    }
  }

  #body({ statements, span }: Body): void {
    const assertions: number[] = [];
    for (const statement of statements) {
      // An `else if` is a body without braces of its own.
      const first = statement.span.start === span.start ? undefined : this.#byStart.get(statement.span.start);
      if (first !== undefined) this.#starts.add(first);
      if (statement.kind === 'flow-statement' && statement.assertion !== undefined)
        assertions.push(this.#behind(statement.flow));
    }
    if (assertions.length > 0) this.#assertions.push(assertions);
  }

  #cell({ edges, output }: CellEdges): void {
    const firsts: number[] = [];
    for (const { from, to } of edges) {
      const first = this.#byStart.get(from.span.start);
      const last = this.#byStart.get(to.span.start);
      if (first === undefined || last === undefined) continue;
      firsts.push(first);
      this.#starts.add(first);
      this.#edgeStarts.add(first);
      this.#edgeMarks.add(this.#previous(last));
      this.#edgeMarks.add(this.#next(last));
    }
    this.#edges.push(firsts);
    const given = output === undefined ? undefined : this.#byStart.get(output.span.start);
    if (given !== undefined) this.#starts.add(given);
  }

  #list({ elements, span }: ListExpr): void {
    const first = this.#byStart.get(span.start);
    if (first !== undefined && elements.length > 1 && elements.every(({ kind }) => kind === 'tuple'))
      this.#tables.push(first);
  }

  /** The first token behind a flow. */
  #behind({ span }: Flow): number {
    const behind = countWhere(this.#pieces, ({ start }) => start < span.end);
    return this.#pieces[behind]?.kind === 'comment' ? this.#next(behind) : behind;
  }

  /** The token before an index. */
  #previous(index: number): number {
    let before = index - 1;
    while (this.#pieces[before]?.kind === 'comment') before--;
    return before;
  }

  /** The next token behind an index. */
  #next(index: number): number {
    let next = index + 1;
    while (this.#pieces[next]?.kind === 'comment') next++;
    return next;
  }
}
