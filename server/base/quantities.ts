/**
 * How numbers are written for people: on lenses, hovers, panels, pages, pictures and the command line, one text for one number
 * (docs/architecture.md#numbers-as-text). What programs read (JSON, CSV) has all digits.
 */
import { format } from 'd3-format';

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** `10⁻³` */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => superscripts[Number(digit)]!).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

const twoDigits = format('.1e');

/** `3.1·10⁻⁴`, and plain where that is shorter: `0.31`, `2.4`, `17`, `0`. */
export function formatScientific(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(2));
  if (rounded >= 0.01 && rounded < 1000) return String(rounded);
  const [mantissa = '', exponent = ''] = twoDigits(value).split('e');
  return `${mantissa}·${powerOfTen(Number(exponent))}`;
}

const scales = [
  { from: 1e12, unit: 'T' },
  { from: 1e9, unit: 'G' },
  // 272,474 parameters are 0.27 M, as the literature writes them.
  { from: 1e6, unit: 'M', least: 1e5 },
  { from: 1e3, unit: 'K' },
] as const;

/**
 * A count (parameters, MACs, bytes of a tensor) with three significant digits and a unit, two below a million from 100,000 on:
 * `864`, `12.3 K`, `0.27 M`, `40.8 M`, `4.09 G`; from 10¹⁵ on as `formatSize` has it.
 */
export function formatCount(value: number): string {
  // Rounding may lift a value over a threshold: 999,950 is 1 M.
  const rounded = Number(value.toPrecision(3));
  if (rounded >= 1e15 && Number.isFinite(value)) {
    const [lead = '', exponent = ''] = value.toExponential(2).split('e');
    return `${lead}·${powerOfTen(Number(exponent))}`;
  }
  for (const scale of scales) {
    const least = 'least' in scale ? scale.least : scale.from;
    if (rounded >= least) return `${scaled(value, rounded, scale.from)} ${scale.unit}`;
  }
  return formatInteger(value);
}

function scaled(value: number, rounded: number, from: number): string {
  // From the value itself: what is rounded twice may end on the wrong side (114,600 as 0.12 M).
  return rounded < from ? (value / from).toFixed(2) : String(rounded / from);
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `15,625`; also for counts beyond 2^53. */
export function formatInteger(value: number | bigint): string {
  return grouped.format(value);
}

/** A number of networks: exact up to 15 digits, then rounded to three: `15,625`, `9.85·10²⁰`. */
export function formatSize(value: bigint): string {
  const digits = value.toString();
  if (digits.length <= 15) return formatInteger(value);
  const rounded = Math.round(Number(digits.slice(0, 4)) / 10);
  // 999.6 becomes 1.00 of the next power.
  const [lead, exponent] = rounded === 1000 ? [100, digits.length] : [rounded, digits.length - 1];
  return `${(lead / 100).toFixed(2)}·${powerOfTen(exponent)}`;
}

/** VKDNW, and differences without a sign: `1.234`, `1.234 ± 0.012` with a standard error. */
export function formatScore(value: number, se?: number): string {
  return se === undefined ? value.toFixed(3) : `${value.toFixed(3)} ± ${se.toFixed(3)}`;
}

/**
 * VKDNW_single as what it is, ℵ + VKDNW: `83 layers + 0.681 ± 0.013`. Their sum would look like one number with one error.
 */
export function formatSingle(layers: number, vkdnw: number, se?: number): string {
  return `${plural(layers, 'layer')} + ${formatScore(vkdnw, se)}`;
}

/** `+0.012`, `−0.300`, `±0.000`; `+0.012 ± 0.008` with a standard error or a margin, `0.000 ± 0.008`. */
export function formatDifference(value: number, se?: number): string {
  const text = formatScore(Math.abs(value), se);
  if (Number(value.toFixed(3)) === 0) return se === undefined ? `±${text}` : text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** `.578`, `−.233`, `1.000`: as papers print correlations. */
export function formatCorrelation(value: number): string {
  return value
    .toFixed(3)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

/** Another training-free score, or an aggregate: five significant digits. `792.64`, `-12.3`. */
export function formatValue(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** `63 %`, `4.2 %`, `0.07 %`, `< 0.01 %`; `99.8 %`, which is not all */
export function formatShare(share: number): string {
  const value = 100 * share;
  if (value === 0) return '0 %';
  if (Math.abs(value) < 0.01) return '< 0.01 %';
  if (value >= 99.5 && value < 99.95) return `${value.toFixed(1)} %`;
  return `${value.toPrecision(2).includes('e') ? String(Math.round(value)) : String(Number(value.toPrecision(2)))} %`;
}

/** `+12 %`, `−3.1 %`, `same`; `< +0.01 %`, `> −0.01 %` */
export function formatChange(from: number, to: number): string {
  if (from === to) return 'same';
  if (from === 0) return `+${formatCount(to)}`;
  const share = (to - from) / from;
  const text = formatShare(Math.abs(share));
  // A loss of less than 0.01 % is a change above −0.01 %.
  if (text.startsWith('<')) return share > 0 ? '< +0.01 %' : '> −0.01 %';
  return `${share > 0 ? '+' : '−'}${text}`;
}

/** `0.8 ms`, `32 ms`, `1.4 s`, `2 min 5 s`, `3 h 7 min` */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : hoursAndMinutes(Math.round(whole / 60));
}

/** What is left of something long, rounded up: `40 s`, `3 min`, `2 h 5 min` */
export function formatTimeLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : hoursAndMinutes(minutes);
}

function hoursAndMinutes(minutes: number): string {
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `853 B`, `12.3 kB`, `1.5 MB`, `2.34 GB`: powers of 1000. */
export function formatBytes(bytes: number): string {
  const rounded = Number(bytes.toPrecision(3));
  if (rounded < 1e3) return `${formatInteger(bytes)} B`;
  if (rounded < 1e6) return `${rounded / 1e3} kB`;
  if (rounded < 1e9) return `${rounded / 1e6} MB`;
  return `${rounded / 1e9} GB`;
}

/** Of GFLOP/s: `3.2`, `412` */
export function formatSpeed(gflops: number): string {
  return gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0);
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `width` cells for a share between 0 and 1, in eighths of a cell; never empty for a share above 0. */
export function textBar(share: number, width = 12): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  const steps = share > 0 ? Math.max(filled, 1) : 0;
  return `${'█'.repeat(Math.floor(steps / 8))}${eighths[steps % 8]!}`.padEnd(width, '░');
}

const gaugeCells = 6;

/**
 * How far a value is on a scale, for a line of proportional type: `▰▰▱▱▱▱` for a share between 0 and 1. A share above 0 fills a
 * cell, and one below 1 leaves one.
 */
export function textGauge(share: number): string {
  const least = share > 0 ? 1 : 0;
  const most = share < 1 ? gaugeCells - 1 : gaugeCells;
  const filled = Math.min(Math.max(Math.round(share * gaugeCells), least), most);
  return `${'▰'.repeat(filled)}${'▱'.repeat(gaugeCells - filled)}`;
}

/** `1st`, `22nd`, `13th` */
export function ordinal(value: number): string {
  const teens = value % 100 >= 11 && value % 100 <= 13;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${formatInteger(value)}${ending}`;
}

/** `1 error`, `3 errors` */
export function plural(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}
