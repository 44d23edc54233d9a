import type { Identifier, Span } from '../../../grammar/syntax.ts';
import type { Module } from '../names/meaning.ts';

/** Finds what nothing uses. */
export class Uses {
  readonly #module: Module;
  readonly #byTarget = new Map<number, Span[]>();
  /** How often each word stands in a file that could not be read completely. */
  readonly #words = new Map<string, number>();

  constructor(module: Module) {
    this.#module = module;
    for (const { span, target } of module.references) {
      if (target.uri !== module.uri) continue;
      const known = this.#byTarget.get(target.span.start);
      if (known === undefined) this.#byTarget.set(target.span.start, [span]);
      else known.push(span);
    }
    if (module.parse.problems.length === 0) return;
    for (const { span } of module.parse.tokens) {
      const word = module.text.slice(span.start, span.end);
      this.#words.set(word, (this.#words.get(word) ?? 0) + 1);
    }
  }

  /**
   * Whether a name of this file is used in a part of it, apart from its declaration. `_name` counts as used: it says
   * that it is not. What a syntax error hides may be a use.
   */
  isUsed({ name, span }: Identifier, within: Span = { start: 0, end: this.#module.text.length }): boolean {
    if (name === '' || name.startsWith('_') || (this.#words.get(name) ?? 0) > 1) return true;
    const uses = this.#byTarget.get(span.start);
    // A name that is taken already means nothing, which is an error of its own.
    if (uses === undefined) return true;
    return uses.some((use) => use.start !== span.start && within.start <= use.start && use.end <= within.end);
  }
}
