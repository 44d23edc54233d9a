import { formatInteger } from '../../base/quantities.ts';
import { own } from '../../base/own.ts';
import type { Span } from '../../../grammar/syntax.ts';
import type { Location, Network, NetworkTotals } from '../../network/network.ts';
import type { ChoicePoint, Decision } from './decisions.ts';
import { type Diagnostic, DiagnosticSink } from '../check/diagnostics.ts';
import type { BlockShapes } from '../expand/expansion.ts';
import { type ExpandedModel, expandModel } from '../expand/model.ts';
import type { Declaration } from '../names/meaning.ts';
import { didYouMean } from '../names/suggest.ts';
import { formatValue, type Json, toJson } from '../values/values.ts';
import { Recorder } from './recorder.ts';

/** What was decided: paths of decisions and the options taken. */
export type Genotype = Readonly<Record<string, Json>>;

/** A network of a space. */
export interface SpaceMember {
  /** Absent when the genotype does not fit the space, or the network breaks a constraint. */
  readonly network?: Network;
  readonly totals?: NetworkTotals;
  /** All decisions that were met, with the options taken: complete also where the given genotype was not. */
  readonly genotype: Genotype;
  readonly diagnostics: readonly Diagnostic[];
}

/** What checking a space by its options finds. */
export interface ExploredSpace {
  readonly decisions: readonly Decision[];
  /** The member with the first option everywhere. */
  readonly first: ExpandedModel;
  /** No option of any decision leads to an error. */
  readonly valid: boolean;
}

/** Steps and nodes spent in all while the options of the spaces of a file are checked. */
const checkBudget = 40_000;
/** A file of many spaces gets at least this much for each. */
const leastBudget = 1000;

/**
 * Expands the first member of a space, and for every decision each other option with the rest at their first one
 * (conditional decisions under a condition that reveals them). Errors are reported at the option that causes them.
 */
export function exploreSpace(
  declaration: Declaration,
  sink: DiagnosticSink,
  { maxOps, spaces }: { readonly maxOps: number; /** In the file. */ readonly spaces: number },
): ExploredSpace {
  const explorer = new Explorer(declaration, sink, maxOps, Math.max(leastBudget, checkBudget / spaces));
  return explorer.explore();
}

/** An assignment of options by index; decisions that are not named take their first option. */
type Assignment = ReadonlyMap<string, number>;

interface Found {
  readonly point: ChoicePoint;
  readonly condition: Assignment;
}

interface Run {
  readonly points: ReadonlyMap<string, ChoicePoint>;
  readonly expanded: ExpandedModel;
  readonly diagnostics: readonly Diagnostic[];
}

class Explorer {
  readonly #declaration: Declaration;
  readonly #sink: DiagnosticSink;
  readonly #maxOps: number;
  readonly #budget: number;
  readonly #found = new Map<string, Found>();
  readonly #blockShapes: BlockShapes = new Map();
  #work = 0;

  constructor(declaration: Declaration, sink: DiagnosticSink, maxOps: number, budget: number) {
    this.#declaration = declaration;
    this.#sink = sink;
    this.#maxOps = maxOps;
    this.#budget = budget;
  }

  explore(): ExploredSpace {
    const first = this.#run(new Map());
    this.#note(first, new Map());
    this.#blame(first);
    let valid = first.diagnostics.length === 0;
    let unchecked = 0;
    // The map grows while it is walked: conditional decisions join at its end.
    for (const [path, { point, condition }] of this.#found) {
      for (let option = 1; option < point.options.length; option++) {
        if (this.#work > this.#budget) {
          unchecked += point.options.length - option;
          break;
        }
        const assignment = new Map(condition).set(path, option);
        const run = this.#run(assignment);
        // What a member that goes wrong decides is no part of the space as it should be.
        if (run.diagnostics.length === 0) this.#note(run, assignment);
        else valid = false;
        for (const diagnostic of run.diagnostics) this.#reportAt(diagnostic, point, option);
      }
    }
    // Errors come first: without them there may be less to check.
    if (valid && unchecked > 0) this.#reportUnchecked(unchecked);
    return { decisions: this.#decisions(), first: first.expanded, valid };
  }

  #reportUnchecked(options: number): void {
    const { module, decl } = this.#declaration;
    this.#sink.add({
      code: 'space-partly-checked',
      severity: 'info',
      message: `This space is large: ${formatInteger(options)} of its options were not expanded to look for errors.`,
      location: { uri: module.uri, span: decl.name.span },
      related: [],
    });
  }

  #run(assignment: Assignment): Run {
    const sink = new DiagnosticSink();
    const recorder = new Recorder((point) => assignment.get(point.path) ?? 0);
    const expanded = expandModel(this.#declaration, {
      sink,
      maxOps: this.#maxOps,
      decide: recorder.decide,
      blockShapes: this.#blockShapes,
      // The first member is expanded whole, for hovers and totals.
      shapesOnly: assignment.size > 0,
      counted: assignment.size > 0,
    });
    this.#work += expanded.work + 1;
    const diagnostics = expanded.ruledOut === true ? [] : sink.diagnostics;
    return { points: recorder.points, expanded, diagnostics };
  }

  #note(run: Run, condition: Assignment): void {
    for (const [path, point] of run.points) {
      if (!this.#found.has(path)) this.#found.set(path, { point, condition });
    }
  }

  /** Errors of the first member belong to a first option when another option does not have them. */
  #blame(first: Run): void {
    let open = first.diagnostics;
    if (open.length === 0) return;
    for (const [path, { point }] of this.#found) {
      if (open.length === 0 || point.options.length < 2 || this.#work > this.#budget) break;
      const other = new DiagnosticSink();
      for (const diagnostic of this.#run(new Map([[path, 1]])).diagnostics) other.add(diagnostic);
      for (const diagnostic of open) if (!other.has(diagnostic)) this.#reportAt(diagnostic, point, 0);
      open = open.filter((diagnostic) => other.has(diagnostic));
    }
    for (const diagnostic of open) this.#sink.add(diagnostic);
  }

  #reportAt(diagnostic: Diagnostic, point: ChoicePoint, option: number): void {
    // Met without this option, too.
    if (this.#sink.has(diagnostic)) return;
    const place = optionLocation(point, option);
    const message = `With \`${point.path} = ${formatValue(point.options[option]!)}\`: ${diagnostic.message}`;
    if (place.uri !== this.#declaration.module.uri) {
      this.#sink.add({ ...diagnostic, message, cause: place });
      return;
    }
    this.#sink.add({
      ...diagnostic,
      message,
      location: place,
      cause: place,
      related: [{ location: diagnostic.location, message: diagnostic.message }, ...diagnostic.related],
    });
  }

  #decisions(): Decision[] {
    return [...this.#found].map(([path, { point, condition }]) => ({
      path,
      options: point.options.map(toJson),
      location: point.location,
      condition: Object.fromEntries(
        [...condition].map(([name, option]) => [name, toJson(this.#found.get(name)!.point.options[option]!)]),
      ),
    }));
  }
}

function optionLocation({ call, location, options }: ChoicePoint, option: number): Location {
  // `choice(list)` has no place of its own for each option.
  const span: Span = call.args.length === options.length ? call.args[option]!.span : call.span;
  return { uri: location.uri, span };
}

/**
 * The network a genotype stands for. Decisions it does not name take their first option, with a warning; options that do
 * not exist, unknown decisions and violated constraints are errors. Never throws.
 */
export function instantiateSpace(
  declaration: Declaration,
  decisions: readonly Decision[],
  genotype: Genotype,
  maxOps: number,
): SpaceMember {
  const sink = new DiagnosticSink();
  const at = { uri: declaration.module.uri, span: declaration.decl.name.span };
  const complain = (code: string, severity: 'error' | 'warning', message: string, path: string): void => {
    // Every decision is a cause of its own, though all are shown at the name of the space.
    const cause = { uri: `${at.uri}#${path}`, span: at.span };
    sink.add({ code, severity, message, location: at, cause, related: [] });
  };
  const recorder = new Recorder(({ path, options }) => {
    const given = own(genotype, path);
    if (given === undefined) {
      const first = formatValue(options[0]!);
      complain(
        'genotype-missing',
        'warning',
        `The genotype does not decide \`${path}\`: ${first} is taken.`,
        path,
      );
      return 0;
    }
    const wanted = JSON.stringify(given);
    const option = options.findIndex((value) => JSON.stringify(toJson(value)) === wanted);
    if (option >= 0) return option;
    const known = options.map(formatValue).join(', ');
    complain('genotype-option', 'error', `\`${path}\` cannot be ${wanted}: choose one of ${known}.`, path);
    return 0;
  });
  const expanded = expandModel(declaration, { sink, maxOps, decide: recorder.decide, violation: 'error' });
  const paths = decisions.map(({ path }) => path);
  for (const path of Object.keys(genotype)) {
    // A decision that exists under other conditions may stay in the genotype.
    if (recorder.points.has(path) || paths.includes(path)) continue;
    const remedy = didYouMean(path, paths);
    complain('genotype-unknown', 'error', `The space has no decision \`${path}\`.${remedy}`, path);
  }
  const { network, totals } = expanded;
  const usable = !declaration.broken && !sink.diagnostics.some(({ severity }) => severity === 'error');
  return {
    ...(usable && network !== undefined ? { network } : {}),
    ...(usable && totals !== undefined ? { totals } : {}),
    genotype: Object.fromEntries(
      [...recorder.points].map(([path, { options }]) => [path, toJson(options[recorder.taken.get(path)!]!)]),
    ),
    diagnostics: sink.diagnostics,
  };
}
