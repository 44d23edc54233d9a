import { max } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import {
  horizontal,
  keepApart,
  label,
  quantileTicks,
  textWidth,
  type DrawOptions,
  type Figure,
  type Series,
} from './figure.ts';
import { formatShare } from '../base/quantities.ts';
import { quantileLevels, quantileName } from '../fisher/deciles.ts';
import { seriesColour } from './palette.ts';
import { normalised } from './picture.ts';
import { svg } from './svg.ts';

const margin = { top: 22, right: 8, bottom: 38, left: 46 };
const height = 200;

/** Pixels between the base lines of labels over each other. */
const lineHeight = 12;

/** The deciles (or other quantiles) as shares of their sum: the distribution whose entropy the score is. */
export function drawDeciles(series: readonly Series[], { width, palette }: DrawOptions): Figure {
  const shares = series.map(({ picture }) => normalised(picture.deciles));
  const bottom = height - margin.bottom;
  const norms = series.map(({ picture }) => picture.origin.settings.norm);
  const levelsOf = norms.map(quantileLevels);
  // Deciles are among all quantiles, where both are laid over each other.
  const levels = levelsOf.reduce((most, own) => (own.length > most.length ? own : most), []);
  const names = levels.map(String);
  const even = 1 / levelsOf[0]!.length;
  const evenText = `all equal: ln ${levelsOf[0]!.length}`;
  const x = scaleBand(names, [margin.left, width - margin.right])
    .paddingInner(0.28)
    .paddingOuter(0.14);
  const y = scaleLinear([0, Math.max(max(shares.flat()) ?? 0, even)], [bottom, margin.top]).nice(4);
  const grid = y
    .ticks(4)
    .flatMap((tick) => [
      horizontal(margin.left, width - margin.right, y(tick), palette.grid),
      label(margin.left - 8, y(tick) + 4, formatShare(tick), { fill: palette.muted, anchor: 'end' }),
    ]);
  const ticks = quantileTicks(x.step(), levels).map(({ text }) =>
    label(x(text)! + x.bandwidth() / 2, bottom + 16, text, { fill: palette.muted, anchor: 'middle' }),
  );
  const axis = label(
    (margin.left + width - margin.right) / 2,
    height - 5,
    norms.some((norm) => quantileName(norm) === 'quantile') ? 'Quantile' : 'Decile',
    {
      fill: palette.muted,
      anchor: 'middle',
    },
  );
  const evenLine = horizontal(margin.left, width - margin.right, y(even), palette.muted, '4 3');
  const bars = shares.map((of, index) =>
    svg(
      'g',
      { 'data-series': String(index) },
      of.map((share, k) => {
        const [left, at] = [x(String(levelsOf[index]![k]!))!, y(share)];
        const colour = seriesColour(palette, index);
        // Models laid over it are levels across its bars.
        return index === 0
          ? svg('rect', { x: left, y: at, width: x.bandwidth(), height: bottom - at, fill: colour, rx: 1 })
          : svg('line', {
              x1: left - 3,
              x2: left + x.bandwidth() + 3,
              y1: at,
              y2: at,
              stroke: colour,
              'stroke-width': 2,
            });
      }),
    ),
  );
  const texts = shares[0]!.map((share) => formatShare(share));
  const roomy = series.length === 1 && keepApart(texts, x.step(), 10);
  // Beside the line of equal deciles, not on it.
  const valueAt = (k: number): number => {
    const at = y(shares[0]![k]!) - 5;
    return Math.abs(at - 4 - y(even)) < 7 ? y(even) - 4 : at;
  };
  const values = (roomy ? texts : []).map((text, k) =>
    label(x(names[k]!)! + x.bandwidth() / 2, valueAt(k), text, {
      fill: palette.text,
      anchor: 'middle',
      size: 10,
      halo: palette.ground,
    }),
  );
  const valuesUnder = texts.flatMap((_, k) =>
    roomy && x(names[k]!)! < margin.left + 4 + textWidth(evenText, 10) + x.step() / 2 ? [valueAt(k)] : [],
  );
  const evenLabel = label(margin.left + 4, clearOf(valuesUnder, y(even) - 5), evenText, {
    fill: palette.muted,
    size: 10,
    halo: palette.ground,
  });
  const description = series
    .map(({ name }, index) => {
      const own = levelsOf[index]!;
      const list = shares[index]!.map((share, k) => `${own[k]!}: ${formatShare(share)}`).join(', ');
      return `${name}: shares of the ${own.length === 9 ? 'nine' : own.length} ${quantileName(norms[index]!)}s in their sum: ${list}.`;
    })
    .join(' ');
  return {
    width,
    height,
    title: `Normalised ${quantileName(norms[0]!)}s of ${series.map(({ name }) => name).join(', ')}`,
    description,
    body: [...grid, ...bars, evenLine, evenLabel, ...values, ...ticks, axis],
  };
}

/** The nearest base line at or above one that keeps clear of others. */
function clearOf(others: readonly number[], line: number): number {
  return [...others]
    .sort((a, b) => b - a)
    .reduce((at, other) => (Math.abs(other - at) < lineHeight ? other - lineHeight : at), line);
}
