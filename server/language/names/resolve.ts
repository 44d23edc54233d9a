import { boundNames } from '../../../grammar/bound-names.ts';
import type {
  Body,
  CallExpr,
  ConstraintDecl,
  Expr,
  Flow,
  FlowElement,
  Identifier,
  NameExpr,
  OpCall,
  Span,
  Statement,
} from '../../../grammar/syntax.ts';
import type { Location } from '../../network/network.ts';
import type { Comparisons } from '../../base/nearest-name.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { contextNames, isContextName, isMetricName } from '../values/builtins.ts';
import { functions } from '../values/functions.ts';
import { cellGraph } from '../expand/cells.ts';
import type { Problem } from '../check/diagnostics.ts';
import { isWord } from '../values/evaluate.ts';
import { headerProblems } from './header.ts';
import { type LocalName, LocalScope } from './local-scope.ts';
import type { Declaration, FileName, Reference } from './meaning.ts';
import { inputsOf, type ParametricDecl } from './templates.ts';
import {
  nestedChoice,
  noContext,
  notAnOp,
  notATensor,
  notATensorValue,
  tensorInFlow,
  unresolved,
} from '../check/problems.ts';
import { operands } from '../spaces/decisions.ts';
import { checkCall, checkInstance } from './resolve-call.ts';

/** Where evaluation may meet a `choice`. */
export interface ChoiceMark {
  readonly offset: number;
  /**
   * What stands there: a `choice` itself, a use of a declaration (which may have choices), or an op that is a `value` of the
   * body (and may have some).
   */
  readonly at: 'choice' | 'value' | Declaration;
  /** Part of an op that is not applied here but becomes a value: its choices are decided where it is applied. */
  readonly inValue: boolean;
}

/** What resolving the names of one declaration gives. */
export interface Resolution {
  readonly problems: Problem[];
  readonly references: Reference[];
  readonly marks: ChoiceMark[];
  readonly uses: Set<Declaration>;
  /** It uses a name whose import has failed. */
  readonly usesFailedImport: boolean;
}

/** Finds what every name of a declaration means, and reports those that mean nothing. Expands nothing. */
export function resolveDeclaration(
  declaration: Declaration,
  names: ReadonlyMap<string, FileName>,
  comparisons: Comparisons,
): Resolution {
  const resolver = new Resolver(declaration.module.uri, names, comparisons);
  resolver.declaration(declaration);
  return resolver;
}

class Resolver implements Resolution {
  readonly problems: Problem[] = [];
  readonly references: Reference[] = [];
  readonly marks: ChoiceMark[] = [];
  readonly uses = new Set<Declaration>();
  usesFailedImport = false;
  readonly names: ReadonlyMap<string, FileName>;
  /** Of all declarations of a file, for suggestions. */
  readonly comparisons: Comparisons;
  readonly #uri: string;
  #inConstraint = false;
  #inValue = false;

  constructor(uri: string, names: ReadonlyMap<string, FileName>, comparisons: Comparisons) {
    this.#uri = uri;
    this.names = names;
    this.comparisons = comparisons;
  }

  report(problem: Problem): void {
    this.problems.push(problem);
  }

  declaration({ decl }: Declaration): void {
    const scope = new LocalScope();
    switch (decl.kind) {
      case 'let':
        this.expr(decl.value, scope);
        return;
      case 'block':
        this.#header(decl, scope);
        this.#body(decl.body, scope);
        return;
      case 'cell':
        this.#header(decl, scope);
        for (const problem of cellGraph(decl).problems) this.report(problem);
        for (const { from, flow } of cellGraph(decl).edges) {
          if (from.kind === 'call') this.expr(from, scope);
          this.#flow(flow, scope);
        }
        return;
      case 'instance':
        checkInstance(this, decl);
        return;
      case 'model':
      case 'space':
        for (const problem of headerProblems(decl)) this.report(problem);
        if (decl.kind === 'model') this.#header(decl, scope);
        this.#body(decl.body, scope, true);
        return;
    }
  }

  /** The tensors that come in, and the parameters. */
  #header(decl: ParametricDecl, scope: LocalScope): void {
    for (const name of inputsOf(decl)) this.#declare(name, 'tensor', scope);
    const { params } = decl;
    for (const param of params) {
      if (param.defaultValue !== undefined) this.expr(param.defaultValue, scope);
      this.#declare(param.name, 'parameter', scope);
    }
  }

  #declare(name: Identifier, kind: LocalName['kind'], scope: LocalScope): void {
    if (name.name === '') return;
    const first = scope.own(name.name);
    if (first !== undefined) {
      // Who comes from Python names each result anew.
      const flows = kind === 'tensor' ? `, or leave \`${name.name} =\` out: a result flows on by itself` : '';
      this.report({
        code: 'duplicate-name',
        message: `\`${name.name}\` is a ${first.kind} of this body already: choose another name${flows}.`,
        span: name.span,
        related: [{ location: this.#here(first.span), message: `\`${name.name}\` is introduced here` }],
      });
      return;
    }
    scope.set(name.name, { kind, span: name.span });
    this.refer(name.span, this.#here(name.span));
  }

  #here(span: Span): Location {
    return { uri: this.#uri, span };
  }

  refer(span: Span, target: Location): void {
    this.references.push({ span, target });
  }

  /** A use of a file-level name; silent when its import has failed. */
  useDeclaration(declaration: FileName, span: Span): void {
    if (declaration === undefined) {
      this.usesFailedImport = true;
      return;
    }
    this.uses.add(declaration);
    this.refer(span, { uri: declaration.module.uri, span: declaration.decl.name.span });
    this.#mark(span, declaration);
  }

  #mark({ start }: Span, at: ChoiceMark['at']): void {
    this.marks.push({ offset: start, at, inValue: this.#inValue });
  }

  /** Runs `resolve` on an expression whose value may be an op: what it mentions is not applied here. */
  #asValue(resolve: () => void): void {
    const before = this.#inValue;
    this.#inValue = true;
    resolve();
    this.#inValue = before;
  }

  #body(body: Body, scope: LocalScope, top = false): void {
    for (const statement of body.statements) this.#statement(statement, scope, top);
  }

  #nested(body: Body, scope: LocalScope): void {
    this.#body(body, new LocalScope(scope));
  }

  #statement(statement: Statement, scope: LocalScope, top: boolean): void {
    switch (statement.kind) {
      case 'let':
        this.expr(statement.value, scope);
        this.#declare(statement.name, 'let', scope);
        return;
      case 'flow-statement':
        this.#flow(statement.flow, scope);
        if (statement.assertion !== undefined) this.expr(statement.assertion, scope);
        for (const name of boundNames(statement)) this.#declare(name, 'tensor', scope);
        return;
      case 'input':
      case 'classes':
      case 'constraint':
        if (!top) {
          this.report({
            code: 'misplaced-statement',
            message: `\`${statement.kind}\` belongs to a model or space itself: move it to the top of its body.`,
            span: statement.span,
          });
        }
        if (statement.kind === 'input') this.expr(statement.shape, scope);
        else if (statement.kind === 'classes') this.expr(statement.count, scope);
        else this.#constraint(statement, scope);
        return;
      case 'repeat': {
        this.expr(statement.count, scope);
        const inner = new LocalScope(scope);
        if (statement.variable !== undefined) this.#declare(statement.variable, 'loop variable', inner);
        this.#nested(statement.body, inner);
        return;
      }
      case 'for': {
        this.expr(statement.iterable, scope);
        const inner = new LocalScope(scope);
        for (const name of statement.pattern) this.#declare(name, 'loop variable', inner);
        this.#nested(statement.body, inner);
        return;
      }
      case 'if':
        this.expr(statement.condition, scope);
        this.#nested(statement.body, scope);
        if (statement.otherwise !== undefined) this.#nested(statement.otherwise, scope);
        return;
    }
  }

  #constraint(statement: ConstraintDecl, scope: LocalScope): void {
    this.#inConstraint = true;
    this.expr(statement.condition, scope);
    this.#inConstraint = false;
  }

  #flow(flow: Flow, scope: LocalScope): void {
    for (const [index, element] of flow.elements.entries()) this.#element(element, index === 0, scope);
  }

  #element(element: FlowElement, first: boolean, scope: LocalScope): void {
    switch (element.kind) {
      case 'op-call':
        this.#opCall(element, first, scope);
        return;
      case 'tensors':
        for (const name of element.names) this.#tensorName(name, scope);
        return;
      case 'choice-element':
        this.expr(element.choice, scope);
        return;
      case 'residual':
        this.#nested(element.body, scope);
        if (element.shortcut !== undefined) this.#nested(element.shortcut, scope);
        return;
      case 'parallel':
        if (element.branches.length === 0) {
          this.report({
            code: 'empty-parallel',
            message: `\`parallel ${element.merge}\` needs branches: write \`branch { … }\` for each.`,
            span: element.span,
          });
        }
        for (const branch of element.branches) this.#nested(branch, scope);
        return;
      case 'missing':
        return;
    }
  }

  #tensorName({ name, span }: Identifier, scope: LocalScope): void {
    const local = scope.lookup(name);
    if (local !== undefined) this.refer(span, this.#here(local.span));
    if (local?.kind === 'tensor' || name === '') return;
    const names = (): Iterable<string> => scope.names(true);
    this.report(notATensor(name, span, { names, comparisons: this.comparisons }));
  }

  #opCall(call: OpCall, first: boolean, scope: LocalScope): void {
    const { name, span } = call.callee;
    const local = scope.lookup(name);
    if (local !== undefined) {
      this.refer(span, this.#here(local.span));
      if (local.kind !== 'tensor') {
        this.#mark(span, 'value');
        this.args(call, scope);
      } else if (call.called) {
        this.report(notAnOp(name, 'a tensor', span));
      } else if (!first) {
        this.report(tensorInFlow(name, span));
      }
      return;
    }
    checkCall(this, call, scope, first);
  }

  /** Arguments of something whose parameters are not known here. */
  args(call: OpCall | CallExpr, scope: LocalScope): void {
    for (const argument of call.args) {
      const { value } = argument;
      if (value.kind === 'name' && scope.lookup(value.name)?.kind === 'tensor') this.tensorUse(value, scope);
      else this.expr(value, scope);
    }
  }

  tensorUse(expr: NameExpr, scope: LocalScope): void {
    this.refer(expr.span, this.#here(scope.lookup(expr.name)!.span));
  }

  expr(expr: Expr, scope: LocalScope, inChoice = false): void {
    switch (expr.kind) {
      case 'name':
        this.#asValue(() => {
          this.#name(expr, scope);
        });
        return;
      case 'call':
        this.#callExpr(expr, scope, inChoice);
        return;
      case 'unary':
      case 'binary':
      case 'conditional':
      case 'list':
      case 'tuple':
      case 'index':
        for (const operand of operands(expr)) this.expr(operand, scope, inChoice);
        return;
      case 'number':
      case 'dims':
      case 'string':
      case 'boolean':
      case 'missing':
        return;
    }
  }

  #callExpr(expr: CallExpr, scope: LocalScope, inChoice: boolean): void {
    const { name } = expr.callee;
    const builtin = scope.lookup(name) === undefined && !this.names.has(name);
    if (builtin && name === 'choice') {
      this.#mark(expr.span, 'choice');
      if (inChoice) this.report(nestedChoice(expr.span));
      for (const { value } of expr.args) this.expr(value, scope, true);
    } else if (builtin && functions.has(name)) {
      for (const { value } of expr.args) this.expr(value, scope, inChoice);
    } else {
      // An op with arguments as a value: its own choices are decided where it is applied.
      this.#asValue(() => {
        this.#opCall({ ...expr, kind: 'op-call', called: true }, false, scope);
      });
    }
  }

  #name(expr: NameExpr, scope: LocalScope): void {
    const { name, span } = expr;
    const local = scope.lookup(name);
    if (local !== undefined) {
      this.refer(span, this.#here(local.span));
      if (local.kind === 'tensor') this.report(notATensorValue(name, span));
      else this.#mark(span, 'value');
      return;
    }
    if (this.names.has(name)) {
      this.useDeclaration(this.names.get(name), span);
      return;
    }
    if (opRegistry.has(name) || isWord(name)) return;
    if (isContextName(name)) {
      if (isMetricName(name) && !this.#inConstraint) this.report(noContext(name, span));
    } else {
      this.#unresolved(expr, scope);
    }
  }

  #unresolved({ name, span }: NameExpr, scope: LocalScope): void {
    const names = (): Iterable<string> => this.#valueNames(scope);
    this.report(unresolved(name, span, { names, comparisons: this.comparisons }));
  }

  *#valueNames(scope: LocalScope): Generator<string> {
    yield* scope.names(false);
    yield* this.names.keys();
    yield* contextNames(this.#inConstraint);
    yield* opRegistry.keys();
  }
}
