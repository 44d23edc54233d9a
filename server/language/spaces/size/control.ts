import type { Body, Expr, Flow, FlowElement, Statement } from '../../../../grammar/syntax.ts';
import { cellGraph } from '../../expand/cells.ts';
import { choiceCount, operands } from '../decisions.ts';
import type { Declaration, Module } from '../../names/meaning.ts';
import { mayChooseWithValues } from '../../names/choice-marks.ts';

/**
 * The names of a declaration whose values may decide which decisions exist or how many options they have: those in
 * conditions, repeat counts and loop lists around a `choice`, in lists chosen from, and those they are computed from.
 * The values of all others are irrelevant for counting a space. By name, so rather too many than too few.
 */
export function controlNames(declaration: Declaration): ReadonlySet<string> {
  let names = known.get(declaration);
  if (names === undefined) {
    // Recursive declarations never get here; an empty set keeps the lookup finite all the same.
    known.set(declaration, new Set());
    names = new ControlNames(declaration).names;
    known.set(declaration, names);
  }
  return names;
}

const known = new WeakMap<Declaration, ReadonlySet<string>>();

class ControlNames {
  readonly names = new Set<string>();
  readonly #module: Module;
  /** `let`s and defaults: which names a name is computed from. */
  readonly #sources = new Map<string, Expr[]>();

  constructor({ decl, module }: Declaration) {
    this.#module = module;
    if (decl.kind === 'block' || decl.kind === 'cell') {
      for (const param of decl.params) {
        if (param.defaultValue === undefined) continue;
        this.#source(param.name.name, param.defaultValue);
        this.#value(param.defaultValue);
      }
    }
    if (decl.kind === 'block' || decl.kind === 'model' || decl.kind === 'space') this.#body(decl.body);
    if (decl.kind === 'cell') {
      for (const { from, flow } of cellGraph(decl).edges) {
        // Which node it is decides how many edges there are.
        if (from.kind === 'call') this.#all(from);
        this.#flow(flow);
      }
    }
    this.#close();
  }

  #source(name: string, value: Expr): void {
    const known = this.#sources.get(name);
    if (known === undefined) this.#sources.set(name, [value]);
    else known.push(value);
  }

  #close(): void {
    // The set grows while it is walked.
    for (const name of this.names) for (const value of this.#sources.get(name) ?? []) this.#all(value);
  }

  #all(root: Expr): void {
    const pending: Expr[] = [root];
    for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
      if (expr.kind === 'name') this.names.add(expr.name);
      if (expr.kind === 'call') this.names.add(expr.callee.name);
      pending.push(...operands(expr));
    }
  }

  /** Inside an expression: what a choice in it depends on. */
  #value(root: Expr): void {
    if (choiceCount(root) === 0) return;
    const pending: Expr[] = [root];
    for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
      if (expr.kind === 'conditional') this.#all(expr.condition);
      if (expr.kind === 'binary' && (expr.operator === '&&' || expr.operator === '||')) this.#all(expr.left);
      if (expr.kind === 'call' && expr.callee.name === 'choice' && expr.args.length === 1) {
        this.#all(expr.args[0]!.value);
      }
      pending.push(...operands(expr));
    }
  }

  #body(body: Body): void {
    for (const statement of body.statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#source(statement.name.name, statement.value);
        this.#value(statement.value);
        return;
      case 'flow-statement':
        this.#flow(statement.flow);
        return;
      case 'repeat':
        this.#value(statement.count);
        if (mayChooseWithValues(this.#module, statement.span)) this.#all(statement.count);
        this.#body(statement.body);
        return;
      case 'for':
        this.#value(statement.iterable);
        if (mayChooseWithValues(this.#module, statement.span)) this.#all(statement.iterable);
        // The loop variables have the values of the list.
        for (const { name } of statement.pattern) this.#source(name, statement.iterable);
        this.#body(statement.body);
        return;
      case 'if':
        this.#value(statement.condition);
        if (mayChooseWithValues(this.#module, statement.span)) this.#all(statement.condition);
        this.#body(statement.body);
        if (statement.otherwise !== undefined) this.#body(statement.otherwise);
        return;
      case 'constraint':
        this.#all(statement.condition);
        return;
      case 'input':
      case 'classes':
        return;
    }
  }

  #flow(flow: Flow): void {
    for (const element of flow.elements) this.#element(element);
  }

  #element(element: FlowElement): void {
    switch (element.kind) {
      case 'op-call': {
        if (!mayChooseWithValues(this.#module, element.span)) return;
        const { name } = element.callee;
        const declaration = this.#module.names.get(name);
        const decl = declaration?.decl;
        const params = decl?.kind === 'block' || decl?.kind === 'cell' ? decl.params : undefined;
        const control = params === undefined ? undefined : controlNames(declaration!);
        // An op that is a value: which one it is decides what there is to decide.
        if (declaration === undefined) this.names.add(name);
        let position = 0;
        for (const argument of element.args) {
          this.#value(argument.value);
          const target = argument.name?.name ?? params?.[position]?.name.name;
          if (argument.name === undefined) position += 1;
          if (target !== undefined && control?.has(target) === true) this.#all(argument.value);
        }
        return;
      }
      case 'tensors':
        return;
      case 'choice-element':
        this.#value(element.choice);
        for (const { value } of element.choice.args) this.#all(value);
        return;
      case 'residual':
        this.#body(element.body);
        if (element.shortcut !== undefined) this.#body(element.shortcut);
        return;
      case 'parallel':
        for (const branch of element.branches) this.#body(branch);
        return;
      case 'missing':
        return;
    }
  }
}
