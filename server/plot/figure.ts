import type { Palette } from './palette.ts';
import type { Picture } from './picture.ts';
import { svg, type SvgElement } from './svg.ts';

/** One model of a figure; the first is what the figure is about, the others are laid over it. */
export interface Series {
  /** `ResNet20`, `ResNet20, 10:42` */
  readonly name: string;
  readonly picture: Picture;
}

export interface DrawOptions {
  /** Pixels. */
  readonly width: number;
  readonly palette: Palette;
}

/** A drawing with its size in pixels, and what it shows in words. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What a screen reader says instead of the drawing. */
  readonly description: string;
  readonly body: readonly SvgElement[];
}

/** Font size of axis labels and notes, in pixels. */
export const smallType = 11;
export const type = 12;

/**
 * A figure as a document. @param id unique in its page; the ids of title and description are made of it.
 */
export function toDocument(figure: Figure, palette: Palette, id: string): SvgElement {
  const { width, height, title, description, body } = figure;
  return svg(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-description`,
      'font-family': palette.font,
      'font-size': type,
      fill: palette.text,
    },
    svg('title', { id: `${id}-title` }, title),
    svg('desc', { id: `${id}-description` }, description),
    body,
  );
}

interface LabelOptions {
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
  /** Keeps it legible over lines: the colour of the ground. */
  readonly halo?: string;
}

/** A text whose baseline starts, ends or is centred at a point. */
export function label(x: number, y: number, text: string, options: LabelOptions): SvgElement {
  const { fill, anchor, size = smallType, weight, halo } = options;
  return svg(
    'text',
    {
      x,
      y,
      fill,
      'font-size': size,
      'font-weight': weight,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      ...(halo === undefined ? {} : { stroke: halo, 'stroke-width': 3, 'paint-order': 'stroke' }),
    },
    text,
  );
}

/**
 * The title of an axis below its middle. @param texts the same, ever shorter: the first that stays inside the figure is taken
 */
export function axisTitle(
  middle: number,
  y: number,
  texts: readonly [string, ...string[]],
  { width, palette }: DrawOptions,
): SvgElement {
  const room = 2 * Math.min(middle, width - middle);
  const text = texts.find((each) => textWidth(each) <= room) ?? texts.at(-1)!;
  return label(middle, y, text, { fill: palette.muted, anchor: 'middle' });
}

export function horizontal(from: number, to: number, y: number, stroke: string, dash?: string): SvgElement {
  return svg('line', { x1: from, x2: to, y1: y, y2: y, stroke, 'stroke-dasharray': dash });
}

export function vertical(x: number, from: number, to: number, stroke: string, dash?: string): SvgElement {
  return svg('line', { x1: x, x2: x, y1: from, y2: to, stroke, 'stroke-dasharray': dash });
}

/** Width of a letter over its size, on average, in the widest of the usual sans-serif fonts. */
const letter = 0.55;

/** Pixels a text takes, about. */
export function textWidth(text: string, size = smallType): number {
  return text.length * size * letter;
}

/** Between labels side by side, in pixels: less reads as one. */
export const apart = 4;

/** Whether labels side by side keep apart. @param step pixels from the middle of one to that of the next */
export function keepApart(texts: readonly string[], step: number, size = smallType): boolean {
  return Math.max(...texts.map((text) => textWidth(text, size))) + apart <= step;
}

/**
 * The ticks `0.1` … `0.9` of the deciles, or of other quantiles: all, or as many as keep apart, on both sides of the middle.
 *
 * @param step pixels from one to the next
 */
export function quantileTicks(
  step: number,
  levels: readonly number[],
): readonly { readonly level: number; readonly text: string }[] {
  const all = levels.map((level, index) => ({ level, index, text: String(level) }));
  const every = [1, 2, 4].find((each) =>
    keepApart(
      all.map(({ text }) => text),
      each * step,
    ),
  );
  return all.filter(({ index }) => (index - (levels.length - 1) / 2) % (every ?? levels.length) === 0);
}

/** Cut to a width; empty where not even three letters fit. */
export function fitted(text: string, width: number, size = smallType): string {
  if (textWidth(text, size) <= width) {
    return text;
  }
  const letters = Math.floor(width / (size * letter)) - 1;
  return letters < 3 ? '' : `${text.slice(0, letters).trimEnd()}…`;
}
