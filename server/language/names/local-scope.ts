import type { Span } from '../../../grammar/syntax.ts';

/** Where a name of a body was introduced. */
export interface LocalName {
  readonly kind: 'parameter' | 'let' | 'loop variable' | 'tensor';
  readonly span: Span;
}

/** The names of a body while it is read. */
export class LocalScope {
  readonly #parent: LocalScope | undefined;
  readonly #names = new Map<string, LocalName>();

  constructor(parent?: LocalScope) {
    this.#parent = parent;
  }

  lookup(name: string): LocalName | undefined {
    let found = this.#names.get(name);
    for (let scope = this.#parent; found === undefined && scope !== undefined; scope = scope.#parent) {
      found = scope.#names.get(name);
    }
    return found;
  }

  own(name: string): LocalName | undefined {
    return this.#names.get(name);
  }

  set(name: string, local: LocalName): void {
    this.#names.set(name, local);
  }

  /** Visible names, for suggestions. @param tensors whether those of tensors, or all others */
  *names(tensors: boolean): Generator<string> {
    for (const [name, { kind }] of this.#names) if ((kind === 'tensor') === tensors) yield name;
    if (this.#parent !== undefined) yield* this.#parent.names(tensors);
  }
}
