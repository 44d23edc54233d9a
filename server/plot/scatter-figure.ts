import { scaleLinear, scaleLog } from 'd3-scale';
import { paretoFront, type TradeOff } from '../ranking/pareto.ts';
import {
  apart,
  fitted,
  horizontal,
  label,
  smallType,
  textWidth,
  vertical,
  type DrawOptions,
  type Figure,
} from './figure.ts';
import { formatCount, formatScore } from '../base/quantities.ts';
import type { Palette } from './palette.ts';
import { shortNumber, svg, type SvgElement } from './svg.ts';

/** A model in the plane of cost and score. */
export interface ScatterPoint {
  readonly id: string;
  readonly name: string;
  /** MACs or parameters; above 0. */
  readonly cost: number;
  readonly value: number;
  /** Where the value may lie; bars that do not overlap tell two models apart. */
  readonly low: number;
  readonly high: number;
  /** What takes something from the value, in short; it is drawn dashed then. */
  readonly marked?: string;
}

/** A part of the plane: the common logarithm of the cost, and the value. */
export interface Window {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export interface ScatterOptions extends DrawOptions {
  readonly costLabel: string;
  readonly valueLabel: string;
  readonly window: Window;
  readonly selected?: string;
}

export const scatterMargin = { top: 14, right: 18, bottom: 42, left: 64 };
export const scatterHeight = 340;
/** Pixels between names, up and down: a name that would come closer to another is left out. */
const labelGap = 14;
/** Up to this many models each is named; with more, only the front and the selection. */
const fewModels = 20;

/** Everything, with some room around it. */
export function windowOf(points: readonly ScatterPoint[]): Window {
  return {
    x: padded(points.map(({ cost }) => Math.log10(cost))),
    y: padded(points.flatMap(({ low, high }) => [low, high])),
  };
}

function padded(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!Number.isFinite(low)) return [0, 1];
  const room = Math.max((high - low) * 0.07, high === low ? 0.1 : 0);
  return [low - room, high + room];
}

/** A window around a point of it, `factor` times as wide. */
export function zoomed(
  { x, y }: Window,
  at: { readonly x: number; readonly y: number },
  factor: number,
): Window {
  const around = ([low, high]: readonly [number, number], centre: number): readonly [number, number] => [
    centre - (centre - low) * factor,
    centre + (high - centre) * factor,
  ];
  return { x: around(x, at.x), y: around(y, at.y) };
}

/** Models by cost and score, their uncertainty, and the Pareto front through those that nothing beats in both. */
export function drawScatter(points: readonly ScatterPoint[], options: ScatterOptions): Figure {
  const { width, palette, window, selected, costLabel, valueLabel } = options;
  const { top, right, bottom, left } = scatterMargin;
  const floor = scatterHeight - bottom;
  const x = scaleLog([10 ** window.x[0], 10 ** window.x[1]], [left, width - right]);
  const y = scaleLinear(window.y, [floor, top]);
  const inside = ({ cost, value }: ScatterPoint): boolean =>
    x(cost) >= left && x(cost) <= width - right && y(value) >= top && y(value) <= floor;
  const front = paretoFront(points);
  const onFront = new Set(front.map(({ id }) => id));
  // The front and the selection are drawn over the crowd.
  const order = [...points].filter(inside).sort((a, b) => weight(a) - weight(b));

  function weight({ id }: ScatterPoint): number {
    return id === selected ? 2 : onFront.has(id) ? 1 : 0;
  }

  const marks = order.map((point) => mark(point));
  const body = [...axes(), ...frontLine(), svg('g', { 'data-role': 'points' }, marks), ...names()];

  function axes(): SvgElement[] {
    const rows = y
      .ticks(5)
      .flatMap((value) => [
        horizontal(left, width - right, y(value), palette.grid),
        label(left - 8, y(value) + 4, y.tickFormat(5)(value), { fill: palette.muted, anchor: 'end' }),
      ]);
    const columns = costTicks(window.x, Math.max(2, Math.floor((width - left - right) / 90))).flatMap(
      (value) => [
        vertical(x(value), top, floor, palette.grid),
        label(x(value), floor + 16, formatCount(value), { fill: palette.muted, anchor: 'middle' }),
      ],
    );
    return [
      ...rows,
      ...columns,
      label((left + width - right) / 2, scatterHeight - 6, costLabel, {
        fill: palette.muted,
        anchor: 'middle',
      }),
      svg(
        'text',
        {
          transform: `translate(13 ${(top + floor) / 2}) rotate(-90)`,
          fill: palette.muted,
          'font-size': smallType,
          'text-anchor': 'middle',
        },
        valueLabel,
      ),
    ];
  }

  function frontLine(): SvgElement[] {
    if (front.length < 2) return [];
    // A step: up to the next model of the front nothing costs less and scores more.
    const corners = front.flatMap((point, index): TradeOff[] => {
      const next = front[index + 1];
      return next === undefined ? [point] : [point, { cost: next.cost, value: point.value }];
    });
    const path = corners
      .slice(1)
      .map((to, index) => inner(corners[index]!, to))
      .join('');
    return [
      svg('path', {
        d: path,
        fill: 'none',
        stroke: palette.series[0],
        'stroke-width': 1.5,
        'stroke-dasharray': '4 3',
        'data-role': 'front',
      }),
    ];
  }

  /** The part of a piece of the front that is inside the plot; a piece goes to the right or up. */
  function inner(from: TradeOff, to: TradeOff): string {
    const [x1, x2, y1, y2] = [x(from.cost), x(to.cost), y(from.value), y(to.value)];
    if (x2 < left || x1 > width - right || y1 < top || y2 > floor) return '';
    const begin = [Math.max(x1, left), Math.min(y1, floor)].map(shortNumber);
    const end = [Math.min(x2, width - right), Math.max(y2, top)].map(shortNumber);
    return `M${begin.join(',')}L${end.join(',')}`;
  }

  function mark(point: ScatterPoint): SvgElement {
    const { id, name, cost, value, low, high, marked } = point;
    const best = onFront.has(id);
    const colour = best ? palette.series[0]! : palette.muted;
    const at = x(cost);
    const isSelected = id === selected;
    const description = `${name}: ${valueLabel} ${formatScore(value)}, ${formatCount(cost)} ${costLabel}${marked === undefined ? '' : `, ${marked}`}${best ? ', on the Pareto front' : ''}`;
    return svg(
      'g',
      { 'data-id': id, opacity: best || isSelected ? 1 : 0.65 },
      svg('title', {}, description),
      high > low ? vertical(at, Math.max(y(high), top), Math.min(y(low), floor), colour) : undefined,
      isSelected
        ? svg('circle', {
            cx: at,
            cy: y(value),
            r: 9,
            fill: 'none',
            stroke: palette.series[1],
            'stroke-width': 2,
          })
        : undefined,
      svg('circle', {
        cx: at,
        cy: y(value),
        r: best ? 4.5 : 3.5,
        fill: best ? colour : palette.ground,
        stroke: colour,
        'stroke-width': 1.25,
        ...(marked === undefined ? {} : { 'stroke-dasharray': '2 2', fill: palette.ground }),
      }),
    );
  }

  /** Names where there is room: the selection first, the front from the best down, the others if they are few. */
  function names(): SvgElement[] {
    const wanted = [...order].reverse().filter((point) => weight(point) > 0 || order.length <= fewModels);
    wanted.sort((a, b) => weight(b) - weight(a) || b.value - a.value);
    const taken: { readonly left: number; readonly right: number; readonly y: number }[] = [];
    return wanted.flatMap((point) => {
      const text = fitted(point.name, 160);
      const room = textWidth(text);
      const toRight = x(point.cost) + 8 + room <= width - right;
      const start = toRight ? x(point.cost) + 8 : x(point.cost) - 8 - room;
      const place = { left: start, right: start + room, y: y(point.value) };
      const crowded = taken.some(
        (other) =>
          Math.abs(other.y - place.y) < labelGap &&
          other.left < place.right + apart &&
          place.left < other.right + apart,
      );
      if (crowded || start < left) return [];
      taken.push(place);
      return [nameLabel(x(point.cost) + (toRight ? 8 : -8), place.y - 6, text, toRight, palette)];
    });
  }

  return {
    width,
    height: scatterHeight,
    title: `${valueLabel} against ${costLabel}`,
    description: describe(points, front, options),
    body,
  };
}

function nameLabel(x: number, y: number, text: string, toRight: boolean, palette: Palette): SvgElement {
  const anchor = toRight ? 'start' : 'end';
  return label(x, y, text, { fill: palette.text, anchor, halo: palette.ground });
}

/** Round costs inside a window: powers of ten, and 2 and 5 times them where there is room. */
function costTicks([low, high]: readonly [number, number], most: number): readonly number[] {
  for (const steps of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    const values: number[] = [];
    for (let decade = Math.floor(low); decade <= high; decade += 1)
      for (const step of steps) {
        const value = step * 10 ** decade;
        if (Math.log10(value) >= low && Math.log10(value) <= high) values.push(value);
      }
    if (values.length <= most && values.length >= 2) return values;
  }
  // A window within one step, or of many decades.
  const width = (high - low) / Math.max(most - 1, 1);
  return Array.from({ length: most }, (_, index) => Number((10 ** (low + index * width)).toPrecision(2)));
}

function describe(
  points: readonly ScatterPoint[],
  front: readonly ScatterPoint[],
  { costLabel, valueLabel }: ScatterOptions,
): string {
  const shown = front.slice(-5).reverse();
  const list = shown
    .map(({ name, value, cost }) => `${name} ${formatScore(value)} at ${formatCount(cost)}`)
    .join(', ');
  return `${points.length} models by ${costLabel}, on a logarithmic axis, and ${valueLabel}. ${front.length} are on the Pareto front${list === '' ? '' : `, the best of them: ${list}`}.`;
}
