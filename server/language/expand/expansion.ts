import { formatInteger } from '../../base/quantities.ts';
import type {
  CallExpr,
  ConstraintDecl,
  Expr,
  FlowStatement,
  Identifier,
  Span,
} from '../../../grammar/syntax.ts';
import { NetworkAssembler } from '../../network/assemble.ts';
import type { Location, NetworkNode } from '../../network/network.ts';
import { ShapeError, type ArgValue, type OpDefinition } from '../../network/op.ts';
import { formatShape, type Shape } from '../../network/shape.ts';
import { choiceName, type Decide } from '../spaces/decisions.ts';
import type { DiagnosticSink, Problem, RelatedInformation } from '../check/diagnostics.ts';
import { extentOf } from '../values/builtins.ts';
import type { Environment } from '../values/evaluate.ts';
import { type Flowing, isTuple, tensorsOf, together } from './flowing.ts';
import { type Frame, short } from './frame.ts';
import type { Declaration, Module, Scope, Value } from '../names/meaning.ts';
import { choiceOutsideSpace } from '../check/problems.ts';
import { number, unknown } from '../values/values.ts';
import { Work, workPerStep } from '../work.ts';

/** Shapes seen at the end of a statement of the analysed file, of all tensors that flow there, by their text. */
export interface FlowShapes {
  readonly span: Span;
  readonly shapes: Map<string, readonly Shape[]>;
}

/** A loop variable of the analysed file and the distinct values it takes, as text, over all calls and iterations. */
export interface LoopValues {
  /** Of the variable's name. */
  readonly span: Span;
  readonly values: ReadonlySet<string>;
}

/** A constraint with the names it can see. */
export interface PendingConstraint {
  readonly decl: ConstraintDecl;
  readonly scope: Scope;
  readonly frame: Frame;
}

/** Bodies and calls may be nested this deep when expanded: expansion is recursive. */
export const maxDepth = 300;

/** Statements and iterations without any op also take time. */
const maxSteps = 60_000;

/** So do values, elements of flows, arguments, branches and edges: many of them can stand in one statement. */
const maxWork = 2_000_000;

/**
 * Output shapes of blocks without choices that went well, for checking the many members of a space: by block, arguments
 * and input shape.
 */
export type BlockShapes = Map<Declaration, Map<string, readonly Shape[]>>;

export interface ExpansionOptions {
  readonly maxNodes: number;
  /** Decides the choices of a space; absent for a model. */
  readonly decide?: Decide | undefined;
  /** Shapes are noted here. */
  readonly blockShapes?: BlockShapes | undefined;
  /** Only shapes matter: blocks whose shape has been noted are not expanded again, and no network comes out. */
  readonly shapesOnly?: boolean | undefined;
}

/** The state of expanding one model: the network so far, and what went wrong. */
export class Expansion {
  readonly root: Module;
  readonly #sink: DiagnosticSink;
  readonly #options: ExpansionOptions;
  #assembler: NetworkAssembler | undefined;
  #steps = 0;
  readonly #values = new Work(maxWork);
  classes: number | undefined;
  #failures = 0;
  /** Nothing more is expanded. */
  stopped = false;
  readonly constraints: PendingConstraint[] = [];
  readonly flows = new Map<number, FlowShapes>();
  readonly loops = new Map<number, { readonly span: Span; readonly values: Set<string> }>();

  constructor(root: Module, sink: DiagnosticSink, options: ExpansionOptions) {
    this.root = root;
    this.#sink = sink;
    this.#options = options;
  }

  /** What expanding has cost so far: steps, values and nodes. A failed expansion has few nodes, but may have many steps. */
  get work(): number {
    return this.#steps + Math.floor(this.#values.done / workPerStep) + this.nodes.length;
  }

  /** An error lies behind: what follows is only checked, and no network comes out. */
  get failed(): boolean {
    return this.#failures > 0;
  }

  get nodes(): readonly NetworkNode[] {
    return this.#assembler?.nodes ?? [];
  }

  get assembler(): NetworkAssembler | undefined {
    return this.#assembler;
  }

  /** Whether a space is being expanded, so that choices are decided. */
  get decides(): boolean {
    return this.#options.decide !== undefined;
  }

  start(shape: Shape, frame: Frame, span: Span): NetworkNode {
    this.#assembler = new NetworkAssembler(shape, { uri: frame.module.uri, span, calls: frame.calls });
    return this.#assembler.input;
  }

  /** Fails silently, giving no tensor: the cause has been reported elsewhere. */
  fail(): NetworkNode | undefined {
    this.#failures += 1;
    return undefined;
  }

  /**
   * Reports a problem, giving no tensor. When the module it lies in is not the analysed file, the user sees it at the call in
   * the analysed file that led there.
   *
   * @param module where the problem lies; default: where the body of the frame is written
   */
  report(problem: Problem, frame: Frame, module = frame.module): NetworkNode | undefined {
    if ((problem.severity ?? 'error') === 'error') this.#failures += 1;
    const cause: Location = { uri: module.uri, span: problem.span };
    const severity = problem.severity ?? 'error';
    const related = problem.related ?? [];
    const { code } = problem;
    const call =
      module === this.root ? undefined : frame.calls.findLast((site) => site.uri === this.root.uri);
    if (call === undefined) {
      this.#sink.add({
        code,
        severity,
        message: problem.message,
        location: cause,
        related: [...related, ...frame.trail],
        ...(problem.changes === undefined ? {} : { changes: problem.changes }),
      });
      return undefined;
    }
    const here: Location = { uri: call.uri, span: call.span };
    const outer: RelatedInformation[] = frame.trail.filter(
      ({ location }) => location.uri !== here.uri || location.span !== here.span,
    );
    this.#sink.add({
      code,
      severity,
      message: `In ${call.label}: ${problem.message}`,
      location: here,
      cause,
      related: [{ location: cause, message: problem.message }, ...related, ...outer],
    });
    return undefined;
  }

  /** Counts a step of expansion; `false` when there have been too many. */
  step(frame: Frame, span: Span): boolean {
    if (this.stopped) return false;
    this.#steps += 1;
    if (this.#steps <= maxSteps) return this.spend(0, frame, span);
    this.stopped = true;
    this.report(
      {
        code: 'too-many-steps',
        message: `Expanding this takes more than ${formatInteger(maxSteps)} steps: repeat less here.`,
        span,
      },
      frame,
    );
    return false;
  }

  /** Counts what a step consists of: elements, arguments, branches, values; `false` when there have been too many. */
  spend(amount: number, frame: Frame, span: Span): boolean {
    if (this.stopped) return false;
    if (this.#values.spend(amount)) return true;
    this.stopped = true;
    this.report(
      {
        code: 'too-many-steps',
        message: `Expanding this computes more than ${formatInteger(maxWork)} values: repeat less here, or use smaller lists.`,
        span,
      },
      frame,
    );
    return false;
  }

  /** Whether bodies and calls are nested too deeply at this frame, which is then reported. */
  tooDeep(frame: Frame, span: Span): boolean {
    if (frame.depth < maxDepth) return false;
    this.report(
      {
        code: 'nesting-too-deep',
        message: `Bodies and blocks are nested more than ${maxDepth} deep here: put them one after another instead.`,
        span,
      },
      frame,
    );
    return true;
  }

  /**
   * The output of a block. `keyOf` tells its arguments apart (`undefined` when they cannot be compared); a block that has
   * been expanded with the same arguments and input before is not expanded again where only shapes matter.
   */
  block(
    declaration: Declaration,
    keyOf: () => string | undefined,
    current: Flowing,
    expand: () => Flowing,
  ): Flowing {
    const { blockShapes, shapesOnly } = this.#options;
    const choosing = declaration.mayChoose || declaration.makesChoosingOps;
    if (blockShapes === undefined || current === undefined || choosing) return expand();
    const key = keyOf();
    if (key === undefined) return expand();
    const known = blockShapes.get(declaration) ?? new Map<string, readonly Shape[]>();
    blockShapes.set(declaration, known);
    const inputs = tensorsOf(current);
    const entry = inputs.map(({ shape }) => formatShape(shape)).join(' ');
    const fullKey = `${entry} ${this.classes ?? ''} ${key}`;
    const shapes = known.get(fullKey);
    if (shapes !== undefined && shapesOnly === true)
      return together(shapes.map((shape) => ({ ...inputs[0]!, shape })));
    const before = this.#failures;
    const output = expand();
    if (output !== undefined && this.#failures === before)
      known.set(
        fullKey,
        tensorsOf(output).map(({ shape }) => shape),
      );
    return output;
  }

  /** Applies an op; `undefined` after an error. */
  apply(
    definition: OpDefinition,
    args: Readonly<Record<string, ArgValue>>,
    inputs: readonly NetworkNode[],
    path: string,
    span: Span,
    frame: Frame,
  ): NetworkNode | undefined {
    if (this.#assembler === undefined) return this.fail();
    if (this.#assembler.nodes.length > this.#options.maxNodes) {
      this.stopped = true;
      return this.report(
        tooManyOps(`more than ${formatInteger(this.#options.maxNodes)}`, this.#options.maxNodes, span),
        frame,
      );
    }
    try {
      const placement = { path, origin: { uri: frame.module.uri, span, calls: frame.calls } };
      return this.#assembler.apply(definition, args, inputs, placement);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return this.report(
        { code: error.code, message: `${error.message}. ${error.remedy}`, span, changes: error.changes },
        frame,
      );
    }
  }

  /** Notes the shape at the end of a statement of the analysed file. */
  flow(statement: FlowStatement, flowing: Flowing, frame: Frame): void {
    if (flowing === undefined || frame.module !== this.root) return;
    const { span } = statement.flow;
    const seen = this.flows.get(span.start) ?? { span, shapes: new Map<string, readonly Shape[]>() };
    this.flows.set(span.start, seen);
    const shapes = tensorsOf(flowing).map(({ shape }) => shape);
    seen.shapes.set(shapes.map(formatShape).join(', '), shapes);
  }

  /** Notes a value of a loop variable of the analysed file. */
  loopValue({ span }: Identifier, value: Value, frame: Frame): void {
    if (frame.module !== this.root) return;
    const seen = this.loops.get(span.start) ?? { span, values: new Set<string>() };
    this.loops.set(span.start, seen);
    seen.values.add(short(value));
  }

  /**
   * What an expression sees. `root` and `names` name the choices in it; `current` is the tensor that `channels` is of;
   * `module` is where the expression is written.
   */
  environment(
    root: Expr,
    scope: Scope,
    frame: Frame,
    current: Flowing,
    names: string,
    module = frame.module,
  ): Environment {
    const report = (problem: Problem): void => {
      this.report(problem, frame, module);
    };
    return {
      module,
      scope,
      report,
      work: this.#values,
      context: (name) => {
        if (name === 'classes' && this.classes !== undefined) return number(this.classes);
        // Of several tensors there is no one width.
        const extent = current === undefined || isTuple(current) ? undefined : extentOf(name, current.shape);
        if (extent !== undefined) return number(extent);
        if (isTuple(current) && name !== 'classes') return undefined;
        return this.failed ? unknown : undefined;
      },
      choose: (call, options) => this.#choose(call, options, choiceName(names, root, call), frame, module),
    };
  }

  #choose(call: CallExpr, options: readonly Value[], path: string, frame: Frame, module: Module): Value {
    const { decide } = this.#options;
    if (decide === undefined) {
      this.report(choiceOutsideSpace(call.span, 'model'), frame, module);
      return unknown;
    }
    const location = { uri: module.uri, span: call.span };
    const index = decide({ path, call, location, options });
    return options[index] ?? unknown;
  }
}

export function tooManyOps(count: string, limit: number, span: Span): Problem {
  return {
    code: 'too-many-ops',
    message: `This expands to ${count} ops; at most ${formatInteger(limit)} are allowed. Repeat less, or use smaller blocks.`,
    span,
  };
}
