import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import {
  axisTitle,
  horizontal,
  keepApart,
  label,
  quantileTicks,
  vertical,
  type DrawOptions,
  type Figure,
  type Series,
} from './figure.ts';
import { formatScientific, powerOfTen } from '../base/quantities.ts';
import { quantileLevels, quantileTitle } from '../fisher/deciles.ts';
import { seriesColour } from './palette.ts';
import { svg, type SvgElement } from './svg.ts';

const margin = { top: 18, right: 8, bottom: 38, left: 46 };
const height = 268;
/** Between the smallest power of ten and the line on which zeros lie. */
const zeroGap = 18;
/** Pixels between deciles from which on their values are written. */
const roomy = 50;
/** Decades below the largest eigenvalue that are drawn; what is smaller is as good as 0. */
const mostDecades = 16;

/** The eigenvalues from small to large on a log axis, and the deciles (or other quantiles) that make the score. */
export function drawSpectrum(series: readonly Series[], options: DrawOptions): Figure {
  const { width, palette } = options;
  const all = series.flatMap(({ picture }) => picture.eigenvalues);
  const largest = Math.max(...all);
  const least = largest * 10 ** -mostDecades;
  const positive = all.filter((value) => value > least);
  const hasZeros = positive.length < all.length;
  const bottom = height - margin.bottom;
  const lowest = Math.floor(Math.log10(Math.min(...positive)));
  const highest = Math.max(Math.ceil(Math.log10(largest)), lowest + 1);
  const x = scaleLinear([0, 1], [margin.left, width - margin.right]);
  const y = scaleLog([10 ** lowest, 10 ** highest], [hasZeros ? bottom - zeroGap : bottom, margin.top]);
  const yOf = (value: number): number => (value > least ? y(value) : bottom);

  const step = Math.ceil((highest - lowest) / 6);
  const decades = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index).filter(
    (decade) => (highest - decade) % step === 0,
  );
  const grid = decades.flatMap((decade) => {
    const at = y(10 ** decade);
    return [
      horizontal(margin.left, width - margin.right, at, palette.grid),
      label(margin.left - 8, at + 4, powerOfTen(decade), { fill: palette.muted, anchor: 'end' }),
    ];
  });
  const zero = hasZeros
    ? [
        horizontal(margin.left, width - margin.right, bottom, palette.grid),
        label(margin.left - 8, bottom + 4, '0', { fill: palette.muted, anchor: 'end' }),
      ]
    : [];
  const ticks = quantileTicks(x(0.1) - x(0), quantileLevels('eval')).map(({ level, text }) =>
    label(x(level), bottom + 16, text, { fill: palette.muted, anchor: 'middle' }),
  );
  const middle = (margin.left + width - margin.right) / 2;
  const axis = axisTitle(middle, height - 5, ['Quantile of the eigenvalues', 'Quantile'], options);

  const curves = series
    .map((_, index) => series.length - 1 - index)
    .map((index) => {
      const { eigenvalues, deciles, origin } = series[index]!.picture;
      const path = line<number>(
        (_, k) => x(eigenvalues.length === 1 ? 0.5 : k / (eigenvalues.length - 1)),
        (value) => yOf(value),
      );
      return curve(path(eigenvalues) ?? '', deciles, quantileLevels(origin.settings.norm), index);
    });

  function curve(
    path: string,
    deciles: readonly number[],
    levels: readonly number[],
    index: number,
  ): SvgElement {
    const colour = seriesColour(palette, index);
    const first = index === 0;
    const marks = deciles.map((value, k) => {
      const [at, level] = [x(levels[k]!), yOf(value)];
      return svg('circle', {
        cx: at,
        cy: level,
        r: first ? 3.5 : 2.5,
        fill: first ? colour : palette.ground,
        stroke: colour,
      });
    });
    const drops = first
      ? deciles.map((value, k) => vertical(x(levels[k]!), yOf(value) + 6, bottom, palette.grid))
      : [];
    const texts = deciles.map(formatScientific);
    const values =
      series.length === 1 && x(0.1) - x(0) >= roomy && keepApart(texts, x(0.1) - x(0), 10)
        ? deciles.map((value, k) =>
            label(x(levels[k]!) - 5, yOf(value) - 7, texts[k]!, {
              fill: palette.text,
              anchor: 'end',
              size: 10,
              halo: palette.ground,
            }),
          )
        : [];
    return svg(
      'g',
      { 'data-series': String(index) },
      drops,
      svg('path', {
        d: path,
        fill: 'none',
        stroke: colour,
        'stroke-width': first ? 1.75 : 1.25,
        'stroke-linejoin': 'round',
      }),
      marks,
      values,
    );
  }

  return {
    width,
    height,
    title: `Eigenvalue spectrum of ${names(series)}`,
    description: describe(series),
    body: [...grid, ...zero, ...ticks, axis, ...curves],
  };
}

function names(series: readonly Series[]): string {
  return series.map(({ name }) => name).join(', ');
}

function describe(series: readonly Series[]): string {
  return series
    .map(({ name, picture: { eigenvalues, deciles, origin } }) => {
      const levels = quantileLevels(origin.settings.norm);
      const values = deciles
        .map((value, index) => `${levels[index]!}: ${formatScientific(value)}`)
        .join(', ');
      return `${name}: ${eigenvalues.length} eigenvalues of the Fisher information from ${formatScientific(eigenvalues[0] ?? 0)} to ${formatScientific(eigenvalues.at(-1) ?? 0)}, on a logarithmic axis. ${quantileTitle(origin.settings.norm)}s ${values}.`;
    })
    .join(' ');
}
