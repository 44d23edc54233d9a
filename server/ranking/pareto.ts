/** A model as a trade-off. */
export interface TradeOff {
  /** Less is better: MACs or parameters. */
  readonly cost: number;
  /** More is better. */
  readonly value: number;
}

/**
 * The Pareto front, by rising cost: those that no other beats in one of the two without losing in the other. Of equals
 * all are on it. Point values decide; uncertainty does not.
 */
export function paretoFront<T extends TradeOff>(points: readonly T[]): readonly T[] {
  const byCost = [...points].sort((a, b) => a.cost - b.cost || b.value - a.value);
  const front: T[] = [];
  for (const point of byCost) {
    const last = front.at(-1);
    if (
      last === undefined ||
      point.value > last.value ||
      (point.value === last.value && point.cost === last.cost)
    )
      front.push(point);
  }
  return front;
}
