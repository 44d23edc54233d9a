import type { ProxyContext } from './proxy.ts';

/** A pass of a network that several proxies look at, made for the first that asks; a failure is that of all. */
export class SharedPass<Result> {
  readonly #make: (context: ProxyContext, seed: number) => Promise<Result>;
  readonly #known = new WeakMap<ProxyContext, Map<number, Promise<Result>>>();

  constructor(make: (context: ProxyContext, seed: number) => Promise<Result>) {
    this.#make = make;
  }

  of(context: ProxyContext, seed: number): Promise<Result> {
    let draws = this.#known.get(context);
    if (draws === undefined) this.#known.set(context, (draws = new Map<number, Promise<Result>>()));
    let draw = draws.get(seed);
    if (draw === undefined) draws.set(seed, (draw = this.#make(context, seed)));
    return draw;
  }
}
