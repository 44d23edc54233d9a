import type { CallExpr } from '../../../../grammar/syntax.ts';

/** An option taken, by its index. */
export type Taken = readonly [choice: CallExpr, option: number];

/** Ways to decide: how many there are, made of those of the parts, so that each can be found by its number. */
export type Ways =
  /** All that are taken in each of them. */
  | { readonly kind: 'listed'; readonly count: bigint; readonly ways: readonly (readonly Taken[])[] }
  /** Choices with so many options, each as it likes. */
  | { readonly kind: 'free'; readonly count: bigint; readonly choices: readonly Taken[] }
  | { readonly kind: 'sum' | 'product'; readonly count: bigint; readonly a: Ways; readonly b: Ways };

export const oneWay: Ways = { kind: 'listed', count: 1n, ways: [[]] };
export const noWay: Ways = { kind: 'listed', count: 0n, ways: [] };

export function listed(ways: readonly (readonly Taken[])[]): Ways {
  return { kind: 'listed', count: BigInt(ways.length), ways };
}

/** @param choices with how many options each has */
export function free(choices: readonly Taken[]): Ways {
  return {
    kind: 'free',
    count: choices.reduce((count, [, options]) => count * BigInt(options), 1n),
    choices,
  };
}

/** Ways of one sort or of another. */
export function either(a: Ways, b: Ways): Ways {
  if (a.count === 0n) return b;
  return b.count === 0n ? a : { kind: 'sum', count: a.count + b.count, a, b };
}

/** Ways made of one of each sort, in this order. */
export function both(a: Ways, b: Ways): Ways {
  if (a === oneWay) return b;
  return b === oneWay ? a : { kind: 'product', count: a.count * b.count, a, b };
}

/** The options that each `choice` takes, in the order in which it is decided. */
export type Picks = ReadonlyMap<CallExpr, readonly number[]>;

/** The way of a number from 0 to below the count. */
export function wayOf(ways: Ways, index: bigint): Picks {
  const picks = new Map<CallExpr, number[]>();
  const take = (choice: CallExpr, option: number): void => {
    const known = picks.get(choice);
    if (known === undefined) picks.set(choice, [option]);
    else known.push(option);
  };
  // A list of what is left to do: sums and products nest as deep as a space has statements.
  const pending: (readonly [Ways, bigint])[] = [[ways, index]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [here, at] = next;
    switch (here.kind) {
      case 'listed':
        for (const [choice, option] of here.ways[Number(at)]!) take(choice, option);
        break;
      case 'free': {
        let rest = at;
        for (const [choice, options] of here.choices) {
          take(choice, Number(rest % BigInt(options)));
          rest /= BigInt(options);
        }
        break;
      }
      case 'sum':
        pending.push(at < here.a.count ? [here.a, at] : [here.b, at - here.a.count]);
        break;
      case 'product':
        pending.push([here.b, at % here.b.count], [here.a, at / here.b.count]);
        break;
    }
  }
  return picks;
}
