import type { Expr, Flow, Identifier, Span } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { cellGraph, type GraphEdge } from './cells.ts';
import { DecisionNames, joinName } from '../spaces/decisions.ts';
import type { Expansion } from './expansion.ts';
import type { Flowing } from './flowing.ts';
import { single } from './tensors.ts';
import { address, bindingText, enteredFrame, type Frame } from './frame.ts';
import type { Inner } from './inner.ts';
import { enter, type Given } from './parameters.ts';
import { combine, sum } from './merge.ts';
import { type Callable, type Module, Scope } from '../names/meaning.ts';
import { evaluate } from '../values/evaluate.ts';
import { sourceNodes } from './sources.ts';

type Cell = Callable & { readonly kind: 'cell' };

/** What a cell gives for what flows in; `undefined` after an error. */
export function applyCell(
  expansion: Expansion,
  { decl, declaration }: Cell,
  application: Given,
  frame: Frame,
  current: Flowing,
  inner: Inner,
): Flowing {
  const graph = cellGraph(decl);
  // Reported where the cell is declared.
  if (graph.problems.some(({ severity = 'error' }) => severity === 'error')) return expansion.fail();
  if (!expansion.spend(graph.edges.length, frame, application.span)) return expansion.fail();
  const path = address(frame, 'cell');
  const entry = enter(expansion, decl, declaration, application, frame, current);
  if (entry === undefined) return expansion.fail();
  const { scope, values, tensors } = entry;
  const site = decl.params.length === 0 ? { ...entry.site, label: decl.name.name } : entry.site;
  const names = decl.params.map(({ name }) => name.name);
  const message = values.length === 0 ? 'used here' : `used here with ${bindingText(names, values)}`;
  // All uses of a cell share its decisions, so the cell alone names them.
  const inside = enteredFrame(frame, path, decl.name.name, site, message, declaration.module);
  const nodes: (NetworkNode | undefined)[] = Array.from(
    { length: graph.inputs },
    (_, index) => tensors?.[index],
  );
  const edges = new Edges(expansion, scope, inside, path, inner);
  const into: GraphEdge[][] = [];
  for (const edge of graph.edges) (into[edge.to.value] ??= []).push(edge);
  for (let target = graph.inputs; target <= graph.last; target++) {
    const incoming = into[target] ?? [];
    const terms = incoming.flatMap((edge) => edges.apply(edge, nodes));
    const place = incoming[0]?.to.span ?? decl.name.span;
    nodes.push(sum(expansion, terms, `${path}/node.${target}`, place, inside));
  }
  const { merge, nodes: given, span } = graph.output;
  const leaving = given.map((node) => nodes[node]);
  return combine(expansion, opRegistry.get(merge)!, leaving, `${path}/output`, span, inside);
}

/** The edges of a cell while it is applied. */
class Edges {
  readonly #expansion: Expansion;
  readonly #scope: Scope;
  readonly #inside: Frame;
  readonly #path: string;
  readonly #inner: Inner;
  /** How often there has been a path, or a prefix of decisions, of that name. */
  readonly #counts = new Map<string, number>();

  constructor(expansion: Expansion, scope: Scope, inside: Frame, path: string, inner: Inner) {
    this.#expansion = expansion;
    this.#scope = scope;
    this.#inside = inside;
    this.#path = path;
    this.#inner = inner;
  }

  /** What an edge carries from the nodes it comes from. */
  apply(edge: GraphEdge, nodes: readonly (NetworkNode | undefined)[]): readonly (NetworkNode | undefined)[] {
    const { from, to } = edge;
    if (from.kind === 'number') {
      const names = joinName(this.#inside.names.prefix, this.#numbered(`${from.value}->${to.value}`));
      return [this.#along(edge, from.value, nodes[from.value], names)];
    }
    // Its source is a decision of its own, so it does not name the edge.
    const names = joinName(this.#inside.names.prefix, this.#numbered(`?->${to.value}`));
    const env = this.#expansion.environment(from, this.#scope, this.#inside, undefined, `${names}.from`);
    const sources = sourceNodes(evaluate(from, env), to.value, from, env.report);
    if (sources === undefined) return [this.#expansion.fail()];
    return sources.map((source, index) =>
      this.#along(edge, source, nodes[source], sources.length === 1 ? names : `${names}[${index}]`),
    );
  }

  #along(
    edge: GraphEdge,
    source: number,
    tensor: NetworkNode | undefined,
    names: string,
  ): NetworkNode | undefined {
    const frame: Frame = {
      ...this.#inside,
      path: `${this.#path}/${this.#numbered(`${source}-${edge.to.value}`)}/`,
      ordinals: new Map(),
      // `0 -> 1: choice(…)` is simply called `Cell.0->1`.
      names: new DecisionNames(names, 'choice'),
    };
    const flow = edge.takesParameters ? withParameters(edge.flow, this.#scope, frame.module) : edge.flow;
    const given = this.#inner.expandFlow(this.#expansion, flow, new Scope(this.#scope), frame, tensor);
    return single(this.#expansion, given, 'A node of a cell', edge.flow.span, frame);
  }

  /** `0-2`, `0-2#2` for the second edge between the same nodes. */
  #numbered(label: string): string {
    const count = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, count);
    return count === 1 ? label : `${label}#${count}`;
  }
}

/** A flow that is the name of an op, with those parameters of the cell as arguments that the op has as well. */
function withParameters(flow: Flow, cell: Scope, module: Module): Flow {
  const [only, ...others] = flow.elements;
  if (only?.kind !== 'op-call' || only.called || others.length > 0) return flow;
  const { span } = only;
  const args = parameterNames(only.callee.name, module)
    .filter((name) => cell.lookup(name)?.kind === 'value')
    .map((name) => argument(name, span));
  return { ...flow, elements: [{ ...only, called: args.length > 0, args }] };
}

function argument(name: string, span: Span): { span: Span; name: Identifier; value: Expr } {
  return { span, name: { kind: 'identifier', span, name }, value: { kind: 'name', span, name } };
}

function parameterNames(name: string, module: Module): readonly string[] {
  const decl = module.names.get(name)?.decl;
  if (decl?.kind === 'block' || decl?.kind === 'cell') return decl.params.map((param) => param.name.name);
  return module.names.has(name) ? [] : (opRegistry.get(name)?.args.map((arg) => arg.name) ?? []);
}
