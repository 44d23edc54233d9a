/**
 * The value of a name among those that an object has itself: what every object inherits (`constructor`, `toString`,
 * `__proto__`) is none of them. For objects made of data, and tables that are asked for words of a text.
 */
export function own<Value>(
  record: Readonly<Partial<Record<string, Value>>>,
  name: string,
): Value | undefined {
  // eslint-disable-next-line archlens/no-foreign-keys -- the one place that looks first
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
