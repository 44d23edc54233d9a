import type { ProxyContext } from './proxy.ts';

/** A program of a network, built for the first draw that asks and used by all of them. */
export class SharedProgram<Built> {
  readonly #build: (context: ProxyContext) => Built;
  readonly #known = new WeakMap<ProxyContext, { readonly built: Built }>();

  /** @param build what it throws is thrown anew each time */
  constructor(build: (context: ProxyContext) => Built) {
    this.#build = build;
  }

  of(context: ProxyContext): Built {
    let known = this.#known.get(context);
    if (known === undefined) this.#known.set(context, (known = { built: this.#build(context) }));
    return known.built;
  }
}
