import { scaleLinear, scaleLog } from 'd3-scale';
import type { EvaluatedScore, Evaluation } from '../evaluation/evaluation.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { metricText, rowTitle } from '../evaluation/report.ts';
import { fitted, horizontal, label, toDocument, vertical, type Figure } from './figure.ts';
import { formatCount } from '../base/quantities.ts';
import { lightPalette, seriesColour, type Palette } from './palette.ts';
import { svg, toMarkup, type SvgElement } from './svg.ts';

const width = 840;
const border = 28;
const gap = 32;
/** Networks drawn a scatter: more are a blot, and a file of many megabytes. */
const mostPoints = 1500;
const shownMetrics: readonly MetricName[] = ['tau', 'rho', 'ndcg', 'precision'];

/** Bars of the metrics with their intervals, then each score against the target. */
export function drawEvaluation(evaluation: Evaluation, palette: Palette = lightPalette): SvgElement {
  const { source, target, targets, provenance } = evaluation;
  const bars = drawBars(evaluation, palette);
  const cell = { width: (width - 2 * border - gap) / 2, height: 250 };
  const scattersTop = border + 66 + bars.height + 24;
  const scatters = evaluation.scores.map((score, index) => {
    const [column, row] = [index % 2, Math.floor(index / 2)];
    const at = `translate(${border + column * (cell.width + gap)} ${scattersTop + row * (cell.height + 20)})`;
    return svg('g', { transform: at }, drawCloud(score, evaluation, { ...cell, palette }));
  });
  const rows = Math.ceil(evaluation.scores.length / 2);
  const height = scattersTop + rows * (cell.height + 20) + 24;
  const title = `How well scores predict ${target}`;
  const figure: Figure = {
    width,
    height,
    title,
    description: bars.description,
    body: [
      svg('rect', { width, height, fill: palette.ground }),
      label(border, border + 16, fitted(title, width - 2 * border, 18), {
        fill: palette.text,
        size: 18,
        weight: 600,
      }),
      label(border, border + 38, `${targets.length} networks of ${source}`, {
        fill: palette.muted,
        size: 12,
      }),
      svg('g', { transform: `translate(${border} ${border + 66})` }, bars.body),
      ...scatters,
      label(border, height - 12, fitted(provenance ?? '', width - 2 * border, 10), {
        fill: palette.muted,
        size: 10,
      }),
    ],
  };
  return toDocument(figure, palette, 'archlens-evaluation');
}

/** The drawing as the text of an SVG file that needs nothing else. */
export function evaluationFile(evaluation: Evaluation): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toMarkup(drawEvaluation(evaluation))}\n`;
}

/** A group for each score, in it a bar for each metric between −1 and 1. */
function drawBars({ scores }: Evaluation, palette: Palette): Figure {
  const [left, thickness, pitch] = [170, 9, 12];
  const titles = scores[0]?.metrics.filter(({ name }) => shownMetrics.includes(name)) ?? [];
  const group = titles.length * pitch + 12;
  const top = 26;
  const height = top + scores.length * group + 20;
  const inner = width - 2 * border;
  const least = Math.min(
    0,
    ...scores.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, value, interval }) =>
        shownMetrics.includes(name) ? [value ?? 0, interval?.low ?? 0] : [],
      ),
    ),
  );
  const x = scaleLinear([least, 1], [left, inner]).nice();
  const ticks = x.ticks(6);
  const grid = ticks.flatMap((tick) => [
    vertical(x(tick), top, height - 20, tick === 0 ? palette.muted : palette.grid),
    label(x(tick), height - 4, x.tickFormat(6)(tick), { fill: palette.muted, anchor: 'middle' }),
  ]);
  const legend = titles.flatMap(({ title }, index) => [
    svg('rect', { x: left + index * 140, y: 2, width: 10, height: 10, fill: seriesColour(palette, index) }),
    label(left + index * 140 + 16, 11, title, { fill: palette.text }),
  ]);
  const bars = scores.map(({ name, metrics }, index) => {
    const y = top + index * group + 6;
    const shown = metrics.filter((metric) => shownMetrics.includes(metric.name));
    return svg(
      'g',
      { 'data-score': name },
      label(left - 10, y + (shown.length * pitch) / 2 + 3, fitted(name, left - 12, 12), {
        fill: palette.text,
        anchor: 'end',
        size: 12,
      }),
      shown.map((metric, which) => {
        const { title, value, interval } = metric;
        if (value === null) return undefined;
        const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))];
        const at = y + which * pitch;
        return svg(
          'g',
          {},
          svg('title', {}, `${name}: ${title} ${metricText({ ...metric, interval: null })}`),
          svg('rect', {
            x: from,
            y: at,
            width: Math.max(to - from, 0.5),
            height: thickness,
            fill: seriesColour(palette, which),
            opacity: 0.75,
          }),
          interval === null
            ? undefined
            : horizontal(x(interval.low), x(interval.high), at + thickness / 2, palette.text),
        );
      }),
    );
  });
  const description = scores
    .map(({ name, metrics }) => {
      const values = metrics.map((metric) => `${metric.title} ${metricText({ ...metric, interval: null })}`);
      return `${name}: ${values.join(', ')}.`;
    })
    .join(' ');
  return { width: inner, height, title: 'Metrics', description, body: [...grid, ...legend, ...bars] };
}

interface CloudOptions {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

/** A score against the target, a dot a network. */
function drawCloud(
  score: EvaluatedScore,
  evaluation: Evaluation,
  { width: full, height, palette }: CloudOptions,
): SvgElement[] {
  const [left, top, bottom] = [44, 22, 36];
  const floor = height - bottom;
  const { name } = score;
  const { target, targets } = evaluation;
  const points = score.values.flatMap((value, row) => (value === null ? [] : [{ value, row }]));
  const title = label(left, 12, rowTitle(score, evaluation), { fill: palette.text, size: 12, weight: 600 });
  if (points.length === 0) return [title];
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Scores over many powers of ten would lie in one corner.
  const isLog = low > 0 && high / low > 100;
  const room = high === low ? 1 : 0;
  const x = isLog
    ? scaleLog([low, high], [left + 6, full - 6])
    : scaleLinear([low - room, high + room], [left + 6, full - 6]);
  const y = scaleLinear([Math.min(...targets), Math.max(...targets)], [floor - 6, top + 6]);
  const step = Math.max(1, points.length / mostPoints);
  const drawn = Array.from(
    { length: Math.ceil(points.length / step) },
    (_, index) => points[Math.floor(index * step)]!,
  );
  const columns = isLog ? [low, Math.sqrt(low * high), high] : x.ticks(4);
  return [
    title,
    ...y
      .ticks(5)
      .flatMap((tick) => [
        horizontal(left, full, y(tick), palette.grid),
        label(left - 6, y(tick) + 4, y.tickFormat(5)(tick), { fill: palette.muted, anchor: 'end' }),
      ]),
    ...columns.flatMap((tick) => [
      vertical(x(tick), top, floor, palette.grid),
      label(x(tick), floor + 14, shortTick(tick), { fill: palette.muted, anchor: 'middle' }),
    ]),
    label((left + full) / 2, height - 6, `${name}${isLog ? ', logarithmic' : ''}, against ${target}`, {
      fill: palette.muted,
      anchor: 'middle',
    }),
    svg(
      'g',
      { fill: palette.series[0], opacity: points.length > 300 ? 0.4 : 0.7, 'data-role': 'points' },
      drawn.map(({ value, row }) =>
        svg('circle', {
          cx: x(value),
          cy: y(targets[row]!),
          r: points.length > 300 ? 1.8 : 2.6,
          'data-network': String(row),
          'data-value': value.toPrecision(6),
        }),
      ),
    ),
  ];
}

/** `0.5`, `120`, `1.5 M` */
function shortTick(value: number): string {
  return Math.abs(value) >= 1e4 ? formatCount(value) : String(Number(value.toPrecision(3)));
}
