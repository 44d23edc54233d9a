import type { NetworkNode } from '../../network/network.ts';
import type { Shape } from '../../network/shape.ts';
import type { Value } from '../values/values.ts';

export type Binding =
  | { readonly kind: 'value'; readonly value: Value }
  /** A named tensor: the output of `node`, absent after an error and where only its shape is followed, or not even that. */
  | { readonly kind: 'tensor'; readonly node: NetworkNode | undefined; readonly shape?: Shape | undefined };

/** Names of a body, inside the names of the bodies around it. File-level names are the module's (`module.ts`). */
export class Scope {
  readonly parent: Scope | undefined;
  /** Bodies around this one: what a lookup may cost. */
  readonly depth: number;
  readonly #names = new Map<string, Binding>();

  constructor(parent?: Scope) {
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  lookup(name: string): Binding | undefined {
    let binding = this.#names.get(name);
    // A loop, since bodies nest as deep as the program's author likes.
    for (let scope = this.parent; binding === undefined && scope !== undefined; scope = scope.parent) {
      binding = scope.#names.get(name);
    }
    return binding;
  }

  set(name: string, binding: Binding): void {
    this.#names.set(name, binding);
  }

  setValue(name: string, value: Value): void {
    this.#names.set(name, { kind: 'value', value });
  }
}
