/** How numbers are written on lenses and hovers. */

const scales = [
  { from: 1e12, unit: 'T' },
  { from: 1e9, unit: 'G' },
  // 272,474 parameters are 0.27 M, as the literature writes them.
  { from: 1e6, unit: 'M', least: 1e5 },
  { from: 1e3, unit: 'K' },
] as const;

/** Three significant digits and a unit: `864`, `12.3 K`, `0.27 M`, `40.8 M`, `3.5 G`. */
export function formatCount(value: number): string {
  for (const scale of scales) {
    const least = 'least' in scale ? scale.least : scale.from;
    // Rounding may lift a value over the threshold: 999,950 K is 1 G.
    const rounded = roundTo3(value);
    if (rounded >= least) return `${trimmed(rounded / scale.from)} ${scale.unit}`;
  }
  return formatInteger(value);
}

function roundTo3(value: number): number {
  return Number(value.toPrecision(3));
}

function trimmed(value: number): string {
  if (value < 1) return value.toFixed(2);
  return value >= 1000 ? formatInteger(value) : String(value);
}

/** `15,625`; also for counts beyond 2^53. */
export function formatInteger(value: number | bigint): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** A number of networks: exact up to 15 digits, then a power of ten. */
export function formatSize(value: bigint): string {
  const digits = value.toString();
  if (digits.length <= 15) return formatInteger(value);
  return `${digits[0]!}.${digits.slice(1, 3)} · 10^${digits.length - 1}`;
}

/** An entropy of the deciles' spectrum: `1.234 ± 0.012`, the standard error where there is one. */
export function formatEntropy(entropy: number, standardError?: number): string {
  const value = entropy.toFixed(3);
  return standardError === undefined ? value : `${value} ± ${standardError.toFixed(3)}`;
}

/** `0.8 ms`, `32 ms`, `1.4 s`, `2 min 5 s` */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `12.5 %`, `3.2 %`, `< 0.1 %`, `0 %` */
export function formatShare(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `width` cells for a share between 0 and 1, in eighths of a cell; never empty for a share above 0. */
export function textBar(share: number, width = 12): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  const steps = share > 0 ? Math.max(filled, 1) : 0;
  return `${'█'.repeat(Math.floor(steps / 8))}${eighths[steps % 8]!}`.padEnd(width, '░');
}

/** `1 error`, `3 errors` */
export function plural(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}
