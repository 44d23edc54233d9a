import { sameUri } from '../base/uris.ts';
import type { Span } from '../../grammar/syntax.ts';
import type { Location } from '../network/network.ts';
import type { Shape } from '../network/shape.ts';
import type { FileAnalysis, ModelAnalysis, PlacedNode, SpaceAnalysis, StatementShapes } from './analysis.ts';
import {
  bySourceOrder,
  DiagnosticSink,
  type Diagnostic,
  syntaxDiagnostic,
  toDiagnostic,
} from './check/diagnostics.ts';
import type { FlowShapes, LoopValues } from './expand/expansion.ts';
import { explained } from './foreign/explain.ts';
import { FileGraph, type FileSource } from './file-graph.ts';
import { closure, ExpansionCache } from './expand/expansion-cache.ts';
import { defaultMaxOps, type ExpandedModel, notExpanded } from './expand/model.ts';
import { around, sameLocation } from './cursor/lookup.ts';
import { lintSteps } from './lint/index.ts';
import type { Declaration, Module, Reference } from './names/meaning.ts';
import { isNetwork } from './names/templates.ts';
import { FileBudget } from './file-budget.ts';
import { type ExploredSpace, exploreSpace, instantiateSpace } from './spaces/space.ts';
import { countedSpace, type LazySize, SizeCache, sizeNow } from './spaces/size-cache.ts';
import { type DocumentSymbol, documentSymbols } from './names/symbols.ts';
import { unwatched, type Watch } from './watch.ts';

export interface ProjectOptions {
  /** Most ops a network may have; default 20,000. */
  readonly maxOps?: number;
  readonly watch?: Watch;
}

/**
 * The files of a workspace and their analyses. An analysis is made once for a text and the texts it imports;
 * `invalidate` says which texts may have changed. Never throws, whatever the texts.
 */
export class Project {
  readonly #files: FileGraph;
  readonly #maxOps: number;
  readonly #watch: Watch;
  readonly #analyses = new Map<string, FileAnalysis>();
  readonly #kept = new Map<string, Kept>();
  readonly #stale = new Set<string>();
  readonly #linted = new WeakMap<FileAnalysis, Linted>();

  constructor(source: FileSource, options: ProjectOptions = {}) {
    this.#watch = options.watch ?? unwatched;
    this.#files = new FileGraph(source, this.#watch);
    this.#maxOps = options.maxOps ?? defaultMaxOps;
  }

  /** The analysis of a file; a file that cannot be read counts as empty. */
  analyse(uri: string): FileAnalysis {
    const module = this.module(uri);
    let analysis = this.#analyses.get(module.uri);
    if (analysis === undefined) {
      const kept = this.#kept.get(module.uri) ?? new Kept();
      this.#kept.set(module.uri, kept);
      analysis = this.#watch.run(module.uri, this.#files.key(module.uri), () =>
        analyseModule(module, this.#maxOps, kept),
      );
      this.#analyses.set(module.uri, analysis);
    }
    return analysis;
  }

  /** The names of a file and what they mean, nothing expanded; a file that cannot be read counts as empty. */
  module(uri: string): Module {
    for (const changed of this.#stale) {
      for (const affected of this.#files.reload(changed)) this.#analyses.delete(affected);
    }
    this.#stale.clear();
    const key = sameUri(uri);
    return this.#files.module(key) ?? this.#files.empty(key);
  }

  /** Names of a file that those of the files read so far import from it. */
  importedNames(uri: string): ReadonlySet<string> {
    return this.#files.importedNames(sameUri(uri));
  }

  /**
   * The diagnostics of a file and what the linter finds in it, in the order of the text. What other files that have been
   * read import is not unused.
   */
  lint(uri: string): readonly Diagnostic[] {
    const module = this.module(uri);
    return this.#watch.run(module.uri, this.#files.key(module.uri), () => {
      const steps = this.lintSteps(uri);
      for (;;) {
        const { done, value } = steps.next();
        if (done === true) return value;
      }
    });
  }

  /** The same in steps of a few milliseconds in a long file, between which texts may change: it is of the text at the first. */
  *lintSteps(uri: string): Generator<undefined, readonly Diagnostic[]> {
    const analysis = this.analyse(uri);
    const imported = this.#files.importedNames(analysis.uri);
    const key = [...imported].sort().join();
    const known = this.#linted.get(analysis);
    if (known?.imported === key) return known.diagnostics;
    const module = this.#files.module(analysis.uri) ?? this.#files.empty(analysis.uri);
    const networks = [];
    for (const { partial } of [...analysis.models, ...analysis.spaces.map(({ first }) => first)]) {
      networks.push(partial);
      yield;
    }
    const found = yield* lintSteps({ module, networks, imported });
    const diagnostics = [...analysis.diagnostics, ...found].sort(bySourceOrder);
    this.#linted.set(analysis, { imported: key, diagnostics });
    return diagnostics;
  }

  /** The text of this file may have changed (or appeared, or gone). */
  invalidate(uri: string): void {
    this.#stale.add(sameUri(uri));
  }
}

/** What is kept of a file from text to text. */
class Kept {
  readonly expansions = new ExpansionCache();
  readonly sizes = new SizeCache();
}

interface Linted {
  /** The names that others imported then. */
  readonly imported: string;
  readonly diagnostics: readonly Diagnostic[];
}

function analyseModule(module: Module, maxOps: number, { expansions, sizes }: Kept): FileAnalysis {
  const { uri, parse } = module;
  const sink = new DiagnosticSink();
  const hidden = new DiagnosticSink();
  for (const problem of module.problems) sink.add(toDiagnostic(problem, uri));
  const expanded: Expanded[] = [];
  const spaces: SpaceAnalysis[] = [];
  const expand = expansions.next(maxOps);
  const budget = new FileBudget(sink);
  const limits = { maxOps, spaces: module.declarations.filter(({ decl }) => decl.kind === 'space').length };
  for (const declaration of module.declarations) {
    const network = isNetwork(declaration.decl);
    if (!network && declaration.decl.kind !== 'space') continue;
    // The syntax error inside is what the user has to see, and what is another language's all the same.
    const into = declaration.damaged ? hidden : sink;
    const allowed = budget.allows(declaration);
    if (network) {
      const { expanded: found, made } = allowed
        ? expand(declaration, into)
        : { expanded: notExpanded, made: [declaration] };
      expanded.push({ model: modelAnalysis(declaration, found), expansion: found, made });
      budget.spend(found, made);
    } else {
      const explored = allowed
        ? exploreSpace(declaration, into, limits)
        : { decisions: [], first: notExpanded, valid: false };
      const made = allowed ? closure(declaration) : [declaration];
      const classes = explored.valid ? explored.first.network?.classes : undefined;
      const counted =
        classes === undefined ? undefined : countedSpace(declaration, classes, into, budget.counting);
      const sizing = sizes.of(declaration, counted, classes ?? 0, maxOps, made);
      const space = spaceAnalysis(declaration, explored, maxOps, sizing);
      expanded.push({ model: space.first, expansion: explored.first, made, space });
      spaces.push(space);
      budget.spend(explored.first, made);
    }
  }
  const syntax = parse.problems.map((problem) => syntaxDiagnostic(problem, uri));
  const found = [...syntax, ...sink.diagnostics].sort(bySourceOrder);
  const diagnostics = explained(
    found,
    module.text,
    hidden.diagnostics.filter(({ location }) => location.uri === uri),
  );
  return new Analysis(module, diagnostics, expanded, spaces);
}

/** What a model, or the first member of a space, has become. */
interface Expanded {
  readonly model: ModelAnalysis;
  readonly expansion: ExpandedModel;
  /** The declarations it is made of. */
  readonly made: readonly Declaration[];
  /** It is a member of this. */
  readonly space?: SpaceAnalysis;
}

function modelAnalysis(declaration: Declaration, expanded: ExpandedModel): ModelAnalysis {
  const { decl, broken } = declaration;
  // A moved expansion is moved where somebody looks at it.
  return {
    name: decl.name.name,
    nameSpan: decl.name.span,
    span: decl.span,
    ...(decl.doc === undefined ? {} : { doc: decl.doc.text }),
    get network() {
      return broken ? undefined : expanded.network;
    },
    get totals() {
      return broken ? undefined : expanded.totals;
    },
    get partial() {
      return expanded.nodes;
    },
  };
}

function spaceAnalysis(
  declaration: Declaration,
  explored: ExploredSpace,
  maxOps: number,
  sizing: LazySize,
): SpaceAnalysis {
  const first = modelAnalysis(declaration, explored.first);
  const { decisions } = explored;
  const { name, nameSpan, span, doc } = first;
  return {
    uri: declaration.module.uri,
    name,
    nameSpan,
    span,
    ...(doc === undefined ? {} : { doc }),
    sizing,
    get size() {
      return sizeNow(sizing)?.count;
    },
    get estimate() {
      return sizeNow(sizing)?.estimate;
    },
    decisions,
    first,
    instantiate: (genotype) => instantiateSpace(declaration, decisions, genotype, maxOps),
  };
}

/** One entry a statement, whichever models reach it. */
function mergeShapes(flows: readonly FlowShapes[]): StatementShapes[] {
  const merged = new Map<number, { span: Span; shapes: Map<string, readonly Shape[]> }>();
  for (const { span, shapes } of flows) {
    const entry = merged.get(span.start) ?? { span, shapes: new Map<string, readonly Shape[]>() };
    merged.set(span.start, entry);
    for (const [text, shape] of shapes) entry.shapes.set(text, shape);
  }
  return [...merged.values()]
    .map(({ span, shapes }) => ({ span, shapes: [...shapes.values()] }))
    .sort((a, b) => a.span.start - b.span.start);
}

/** One entry a loop variable, whichever models go through the loop. */
function mergeLoops(loops: readonly LoopValues[]): LoopValues[] {
  const merged = new Map<number, { span: Span; values: Set<string> }>();
  for (const { span, values } of loops) {
    const entry = merged.get(span.start) ?? { span, values: new Set<string>() };
    merged.set(span.start, entry);
    for (const value of values) entry.values.add(value);
  }
  return [...merged.values()].sort((a, b) => a.span.start - b.span.start);
}

class Analysis implements FileAnalysis {
  readonly uri: string;
  readonly text: string;
  readonly parse: Module['parse'];
  readonly diagnostics: readonly Diagnostic[];
  readonly models: readonly ModelAnalysis[];
  readonly spaces: readonly SpaceAnalysis[];
  readonly imports: readonly string[];
  readonly references: readonly Reference[];
  readonly #expanded: readonly Expanded[];
  #shapes: readonly StatementShapes[] | undefined;
  #loops: readonly LoopValues[] | undefined;
  /** By the models that reach a declaration. */
  readonly #places = new Map<string, readonly Place[]>();
  #symbols: readonly DocumentSymbol[] | undefined;
  #users: ReadonlyMap<Declaration, readonly number[]> | undefined;

  constructor(
    module: Module,
    diagnostics: readonly Diagnostic[],
    expanded: readonly Expanded[],
    spaces: readonly SpaceAnalysis[],
  ) {
    this.uri = module.uri;
    this.text = module.text;
    this.parse = module.parse;
    this.diagnostics = diagnostics;
    this.models = expanded.flatMap(({ model, space }) => (space === undefined ? [model] : []));
    this.spaces = spaces;
    this.imports = module.imports;
    this.references = module.references;
    this.#expanded = expanded;
  }

  get shapes(): readonly StatementShapes[] {
    this.#shapes ??= mergeShapes(this.#expanded.flatMap(({ expansion }) => expansion.flows));
    return this.#shapes;
  }

  get loops(): readonly LoopValues[] {
    this.#loops ??= mergeLoops(this.#expanded.flatMap(({ expansion }) => expansion.loops));
    return this.#loops;
  }

  nodesAt(offset: number): readonly PlacedNode[] {
    const reaching = this.#reaching(offset);
    const models = [
      ...reaching.filter(({ space }) => space === undefined),
      ...reaching.filter(({ space }) => space !== undefined),
    ].map(({ model }) => model);
    const key = models.map(({ span }) => span.start).join();
    const places = this.#places.get(key) ?? placedNodes(this.uri, models);
    this.#places.set(key, places);
    return around(places, offset)?.nodes ?? [];
  }

  /** What is made of a declaration around an offset, in the order of the text. */
  #reaching(offset: number): readonly Expanded[] {
    this.#users ??= usersOf(this.#expanded, this.uri);
    const found = new Set<number>();
    for (const [{ decl }, users] of this.#users)
      if (decl.span.start <= offset && offset <= decl.span.end) for (const user of users) found.add(user);
    return [...found].sort((a, b) => a - b).map((index) => this.#expanded[index]!);
  }

  definitionAt(offset: number): Location | undefined {
    return around(this.references, offset)?.target;
  }

  referencesAt(offset: number): readonly Span[] {
    const target = this.definitionAt(offset);
    if (target === undefined) return [];
    return this.references
      .filter((reference) => sameLocation(reference.target, target))
      .map((reference) => reference.span);
  }

  symbols(): readonly DocumentSymbol[] {
    this.#symbols ??= documentSymbols(this.parse.file);
    return this.#symbols;
  }
}

/** By declaration of a file, the indices of what is made of it. */
function usersOf(expanded: readonly Expanded[], uri: string): ReadonlyMap<Declaration, readonly number[]> {
  const users = new Map<Declaration, number[]>();
  for (const [index, { made }] of expanded.entries()) {
    for (const declaration of made) {
      if (declaration.module.uri !== uri) continue;
      const known = users.get(declaration);
      if (known === undefined) users.set(declaration, [index]);
      else known.push(index);
    }
  }
  return users;
}

interface Place {
  readonly span: Span;
  readonly nodes: PlacedNode[];
}

/** The nodes of all models by the op in the text they come from. */
function placedNodes(uri: string, models: readonly ModelAnalysis[]): readonly Place[] {
  const places = new Map<number, Place>();
  for (const model of models) {
    for (const node of model.partial) {
      if (node.origin.uri !== uri) continue;
      const { span } = node.origin;
      const place = places.get(span.start) ?? { span, nodes: [] };
      places.set(span.start, place);
      place.nodes.push({ model, node });
    }
  }
  return [...places.values()].sort((a, b) => a.span.start - b.span.start);
}
