import { scaleLinear } from 'd3-scale';
import {
  axisTitle,
  fitted,
  horizontal,
  label,
  vertical,
  type DrawOptions,
  type Figure,
  type Series,
} from './figure.ts';
import { formatScore } from '../base/quantities.ts';
import { mostEntropy, quantileName } from '../fisher/deciles.ts';
import { seriesColour } from './palette.ts';
import { svg } from './svg.ts';

const row = 26;
const margin = { top: 4, right: 10, bottom: 34, left: 46 };

/** The entropy of every model with its standard error and the draws it is the mean of, on the scale of what is possible. */
export function drawEntropy(series: readonly Series[], options: DrawOptions): Figure {
  const { width, palette } = options;
  const named = series.length > 1;
  const left = named ? Math.min(140, width * 0.3) : margin.left;
  const bottom = margin.top + row * series.length;
  const height = bottom + margin.bottom;
  const norms = series.map(({ picture }) => picture.origin.settings.norm);
  const word = quantileName(norms[0]!);
  const mostOf = norms.map(mostEntropy);
  const most = Math.max(...mostOf);
  const x = scaleLinear([0, most], [left, width - margin.right]);
  const ticks = [0, 0.5, 1, 1.5, 2];
  const grid = [
    ...ticks.map((tick) => vertical(x(tick), margin.top, bottom, palette.grid)),
    vertical(x(most), margin.top, bottom, palette.grid),
    ...ticks.map((tick) =>
      label(x(tick), bottom + 14, String(tick), { fill: palette.muted, anchor: 'middle' }),
    ),
    // Beside 2, which it would touch otherwise.
    label(width - margin.right + 8, bottom + 14, width > 420 ? `ln ${Math.round(Math.exp(most))}` : '', {
      fill: palette.muted,
      anchor: 'end',
    }),
    horizontal(left, width - margin.right, bottom, palette.grid),
    axisTitle(
      (left + width - margin.right) / 2,
      bottom + 30,
      [`Entropy of the normalised ${word}s (VKDNW)`, `Entropy of the ${word}s`, 'Entropy'],
      options,
    ),
  ];
  const rows = series.map(({ name, picture: { vkdnw, seeds } }, index) => {
    const middle = margin.top + row * (index + 0.5);
    const colour = seriesColour(palette, index);
    const { value, se } = vkdnw;
    return svg(
      'g',
      { 'data-series': String(index) },
      named
        ? label(left - 10, middle + 4, fitted(name, left - 12), { fill: palette.text, anchor: 'end' })
        : undefined,
      seeds.map(({ entropy }) =>
        svg('line', {
          x1: x(entropy),
          x2: x(entropy),
          y1: middle - 7,
          y2: middle + 7,
          stroke: colour,
          'stroke-width': 1,
          opacity: 0.55,
        }),
      ),
      se === undefined
        ? undefined
        : svg('line', {
            x1: x(Math.max(value - se, 0)),
            x2: x(Math.min(value + se, most)),
            y1: middle,
            y2: middle,
            stroke: colour,
            'stroke-width': 5,
            opacity: 0.45,
          }),
      svg('circle', { cx: x(value), cy: middle, r: 4, fill: colour }),
    );
  });
  const description = series
    .map(({ name, picture: { vkdnw, seeds } }, index) => {
      const draws = seeds.map(({ entropy }) => formatScore(entropy)).join(', ');
      return `${name}: ${formatScore(vkdnw.value, vkdnw.se)} of at most ${formatScore(mostOf[index]!)}, from ${seeds.length === 1 ? 'one draw' : `${seeds.length} draws: ${draws}`}.`;
    })
    .join(' ');
  return {
    width,
    height,
    title: `Entropy of ${series.map(({ name }) => name).join(', ')}`,
    description,
    body: [...grid, ...rows],
  };
}
