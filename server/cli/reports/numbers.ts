const suffixes = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const;

/** Three to four digits and a suffix: `853`, `1.07 M`, `153.3 M`. */
export function formatCount(value: number): string {
  const [unit, suffix] = suffixes.find(([size]) => value >= size) ?? [1, ''];
  const scaled = value / unit;
  return suffix === '' ? String(value) : `${scaled.toFixed(scaled >= 100 ? 1 : 2)} ${suffix}`;
}

/** `850 ms`, `2.31 s`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** `1.234`, or `1.234 ± 0.005` with a standard error. */
export function formatEstimate(value: number, standardError: number | undefined): string {
  return standardError === undefined ? value.toFixed(3) : `${value.toFixed(3)} ± ${standardError.toFixed(3)}`;
}
