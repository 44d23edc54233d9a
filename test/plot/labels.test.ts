// Labels of figures keep apart and inside, however narrow the panel is that shows them.
import { describe, expect, test } from 'vitest';
import { drawDeciles } from '../../server/plot/deciles-figure.ts';
import { drawEntropy } from '../../server/plot/entropy-figure.ts';
import { textWidth, type DrawOptions, type Figure, type Series } from '../../server/plot/figure.ts';
import { lightPalette } from '../../server/plot/palette.ts';
import { drawScatter, windowOf } from '../../server/plot/scatter-figure.ts';
import { drawSpectrum } from '../../server/plot/spectrum-figure.ts';
import { drawStrip } from '../../server/plot/strip-figure.ts';
import type { SvgElement } from '../../server/plot/svg.ts';
import { ops, picture } from './support/pictures.ts';

/** From the narrowest editor to a wide screen, as pages take them. */
const widths = Array.from({ length: 96 }, (_, index) => 160 + 8 * index);

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxesOf(elements: readonly (SvgElement | string)[]): Box[] {
  return elements.flatMap((element) => {
    if (typeof element === 'string') return [];
    const { tag, attributes, children } = element;
    // A label that is turned is the title of an axis, beside the figure.
    if (tag !== 'text' || attributes['transform'] !== undefined) return boxesOf(children);
    const text = children.filter((child) => typeof child === 'string').join('');
    const [x, y, size] = [attributes['x'], attributes['y'], attributes['font-size']].map(Number);
    const width = textWidth(text, size);
    const share = { middle: 0.5, end: 1 }[attributes['text-anchor'] ?? ''] ?? 0;
    const left = x! - share * width;
    return text === ''
      ? []
      : [{ text, left, right: left + width, top: y! - 0.75 * size!, bottom: y! + 0.2 * size! }];
  });
}

/** Labels that the edge cuts, and pairs closer than a space. */
function illegible({ body, width }: Figure): string[] {
  const boxes = boxesOf(body);
  const cut = boxes.filter(({ left, right }) => left < -1 || right > width + 1).map(({ text }) => text);
  const touching = boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right + 3 && b.left < a.right + 3 && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} | ${b.text}`),
  );
  return [...cut, ...touching];
}

const flat = Array.from({ length: 64 }, (_, k) => 1 + k / 64);
const steep = Array.from({ length: 64 }, (_, k) => 10 ** (-14 + k / 5));
const spectra: Readonly<Record<string, Series>> = {
  flat: { name: 'Net', picture: picture() },
  steep: {
    name: 'Net',
    picture: picture({
      eigenvalues: steep,
      deciles: Array.from({ length: 9 }, (_, k) => steep[7 * (k + 1)]!),
    }),
  },
  'half zero': {
    name: 'Net',
    picture: picture({
      eigenvalues: [...flat.map(() => 0), ...flat],
      deciles: [0, 0, 0, 0, 1, 1.25, 1.5, 1.75, 1.9],
    }),
  },
  even: { name: 'Net', picture: picture({ deciles: flat.slice(0, 9).map(() => 1.234) }) },
};
const one = spectra['flat']!;

const points = Array.from({ length: 12 }, (_, k) => ({
  id: `id${k}`,
  name: `Network${k}`,
  cost: 1e6 * (1 + k),
  value: 10 + (k % 5),
  low: 9.5 + (k % 5),
  high: 10.5 + (k % 5),
}));

const figures: Readonly<Record<string, (options: DrawOptions) => Figure>> = {
  ...Object.fromEntries(
    Object.entries(spectra).flatMap(([name, series]) => [
      [`spectrum, ${name}`, (options: DrawOptions) => drawSpectrum([series], options)],
      [`spectrum, ${name}, one laid over`, (options: DrawOptions) => drawSpectrum([series, one], options)],
      [`deciles, ${name}`, (options: DrawOptions) => drawDeciles([series], options)],
      [`deciles, ${name}, one laid over`, (options: DrawOptions) => drawDeciles([series, one], options)],
    ]),
  ),
  entropy: (options) => drawEntropy([one], options),
  'entropy, one laid over': (options) => drawEntropy([one, { ...one, name: 'Another network' }], options),
  strip: (options) => drawStrip(one, options),
  'strip of many': (options) =>
    drawStrip(
      {
        name: 'Net',
        picture: picture({
          contributions: {
            over: 'all',
            ops: ops(Array.from({ length: 30 }, () => ({ label: 'conv(16, 3x3)', share: 1 / 30 }))),
          },
        }),
      },
      options,
    ),
  scatter: (options) =>
    drawScatter(points, { ...options, costLabel: 'MACs', valueLabel: 'VKDNW', window: windowOf(points) }),
};

describe('no labels touch, and none is cut', () => {
  test.each(Object.entries(figures))('%s', (_, draw) => {
    const found = widths.flatMap((width) =>
      illegible(draw({ width, palette: lightPalette })).map((pair) => `${width}: ${pair}`),
    );
    expect(found).toEqual([]);
  });
});
