import type { ChoicePoint, Decide } from './decisions.ts';

/** Decides by a rule and remembers what was asked. */
export class Recorder {
  readonly points = new Map<string, ChoicePoint>();
  readonly taken = new Map<string, number>();
  readonly #rule: (point: ChoicePoint) => number;

  constructor(rule: (point: ChoicePoint) => number) {
    this.#rule = rule;
  }

  readonly decide: Decide = (point) => {
    let { path } = point;
    // The same `choice` under the same name is one decision (a cell used twice); another one needs another name.
    for (let count = 2; ; count++) {
      const known = this.points.get(path);
      if (known === undefined) break;
      if (known.call === point.call) return Math.min(this.taken.get(path)!, point.options.length - 1);
      path = `${point.path}#${count}`;
    }
    const named = path === point.path ? point : { ...point, path };
    const option = this.#rule(named);
    this.points.set(path, named);
    this.taken.set(path, option);
    return option;
  };
}
