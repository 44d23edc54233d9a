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

/** `63 %`, `4.2 %`, `0.07 %`, `< 0.01 %` */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0) return '0 %';
  if (Math.abs(value) < 0.01) return '< 0.01 %';
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

/** Three significant digits and a unit: `864`, `12.3 K`, `0.27 M`, `40.8 M`. */
export function count(value: number): string {
  const rounded = Number(value.toPrecision(3));
  for (const [unit, size, least] of [
    ['T', 1e12, 1e12],
    ['G', 1e9, 1e9],
    ['M', 1e6, 1e5],
    ['K', 1e3, 1e3],
  ] as const) {
    if (rounded >= least) return `${String(Number((rounded / size).toPrecision(3)))} ${unit}`;
  }
  return String(value);
}

/** `+12 %`, `−3.1 %`, `same` */
export function change(from: number, to: number): string {
  if (from === to) return 'same';
  if (from === 0) return `+${count(to)}`;
  const share = (to - from) / from;
  return `${share > 0 ? '+' : '−'}${percent(Math.abs(share))}`;
}
