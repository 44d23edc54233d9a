import { format } from 'd3-format';

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** `10⁻³` */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => superscripts[Number(digit)]!).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

const twoDigits = format('.1e');

/** `3.1·10⁻⁴`, and plain where that is shorter: `0.31`, `2.4`, `17`, `0`. */
export function scientific(value: number): string {
  if (value === 0) {
    return '0';
  }
  if (value >= 0.01 && value < 1000) {
    return String(Number(value.toPrecision(2)));
  }
  const [mantissa = '', exponent = ''] = twoDigits(value).split('e');
  return `${mantissa}·${powerOfTen(Number(exponent))}`;
}

/** `63 %`, `4.2 %`, `0.07 %`, `< 0.01 %`; `99.8 %`, which is not all */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0) return '0 %';
  if (Math.abs(value) < 0.01) return '< 0.01 %';
  if (value >= 99.5 && value < 99.95) return `${value.toFixed(1)} %`;
  return `${value.toPrecision(2).includes('e') ? String(Math.round(value)) : String(Number(value.toPrecision(2)))} %`;
}

/** `1.234 ± 0.012`, the standard error where there is one. */
export function estimate(value: number, se?: number): string {
  return se === undefined ? value.toFixed(3) : `${value.toFixed(3)} ± ${se.toFixed(3)}`;
}

/** `+0.012`, `−0.300` */
export function signed(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return `±${text}`;
  return `${value > 0 ? '+' : '−'}${text}`;
}

const scales = [
  { from: 1e12, unit: 'T' },
  { from: 1e9, unit: 'G' },
  // 272,474 parameters are 0.27 M, as the literature writes them.
  { from: 1e6, unit: 'M', least: 1e5 },
  { from: 1e3, unit: 'K' },
] as const;

/** Three significant digits and a unit, two below a million from 100,000 on: `864`, `12.3 K`, `0.27 M`, `40.8 M`, `3.5 G`. */
export function count(value: number): string {
  for (const scale of scales) {
    const least = 'least' in scale ? scale.least : scale.from;
    // Rounding may lift a value over the threshold: 999,950 K is 1 G.
    const rounded = Number(value.toPrecision(3));
    if (rounded >= least) return `${scaled(value, rounded, scale.from)} ${scale.unit}`;
  }
  return integer(value);
}

function scaled(value: number, rounded: number, from: number): string {
  // From the value itself: what is rounded twice may end on the wrong side (114,600 as 0.12 M).
  if (rounded < from) return (value / from).toFixed(2);
  return rounded >= 1000 * from ? integer(rounded / from) : String(rounded / from);
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `15,625`; also for counts beyond 2^53. */
export function integer(value: number | bigint): string {
  return grouped.format(value);
}

/** `+12 %`, `−3.1 %`, `same` */
export function change(from: number, to: number): string {
  if (from === to) return 'same';
  if (from === 0) return `+${count(to)}`;
  const share = (to - from) / from;
  return `${share > 0 ? '+' : '−'}${percent(Math.abs(share))}`;
}
