/** How numbers are written on lenses and hovers. */
import { integer } from './numbers.ts';

export { count as formatCount, estimate as formatEntropy, integer as formatInteger } from './numbers.ts';

/** A number of networks: exact up to 15 digits, then rounded to three, with a power of ten. */
export function formatSize(value: bigint): string {
  const digits = value.toString();
  if (digits.length <= 15) return integer(value);
  const rounded = Math.round(Number(digits.slice(0, 4)) / 10);
  // 999.6 becomes 1.00 of the next power.
  const [lead, exponent] = rounded === 1000 ? [100, digits.length] : [rounded, digits.length - 1];
  return `${(lead / 100).toFixed(2)} · 10^${exponent}`;
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
  return `${integer(count)} ${noun}${count === 1 ? '' : 's'}`;
}
