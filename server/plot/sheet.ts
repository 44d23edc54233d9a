import type { Folding } from './depth.ts';
import { drawDeciles } from './deciles-figure.ts';
import { drawEntropy } from './entropy-figure.ts';
import { fitted, label, textWidth, toDocument, type Figure, type Series } from './figure.ts';
import {
  formatChange,
  formatCount,
  formatDifference,
  formatScore,
  formatSingle,
} from '../base/quantities.ts';
import { marksBeside } from '../score/marks.ts';
import { quantileName } from '../fisher/deciles.ts';
import { lightPalette, seriesColour, type Palette } from './palette.ts';
import { madeBy } from './provenance.ts';
import { readingOf } from './reading.ts';
import { drawSpectrum } from './spectrum-figure.ts';
import { drawStrip } from './strip-figure.ts';
import { svg, toMarkup, type SvgElement } from './svg.ts';

export interface SheetOptions {
  readonly palette?: Palette;
  readonly folding?: Folding;
}

/** Pixels of a sheet. */
export const sheetWidth = 840;
const border = 28;
const inner = sheetWidth - 2 * border;

/** Everything about a score on one sheet: what is exported, and what the command line writes. */
export function drawSheet(series: readonly Series[], options: SheetOptions = {}): SvgElement {
  const { palette = lightPalette, folding } = options;
  const [first] = series;
  const parts: SvgElement[] = [];
  let top = border;
  const place = (height: number, elements: readonly SvgElement[], left = border): void => {
    parts.push(svg('g', { transform: `translate(${left} ${top})` }, elements));
    top += height;
  };
  const section = (title: string, figure: Figure): void => {
    place(26, [label(0, 14, title, { fill: palette.text, size: 13, weight: 600 })]);
    place(figure.height + 18, [
      svg('g', {}, svg('title', {}, figure.title), svg('desc', {}, figure.description), figure.body),
    ]);
  };
  const draw = { width: inner, palette };

  const header = headerOf(series, palette);
  place(header.height + 14, header.elements);
  for (const { text } of readingOf(series)) {
    for (const line of wrapped(text, inner, 12)) {
      place(18, [label(0, 13, line, { fill: palette.text, size: 12 })]);
    }
    place(4, []);
  }
  place(14, []);
  section('Eigenvalue spectrum', drawSpectrum(series, draw));
  section(`Normalised ${quantileName(first!.picture.origin.settings.norm)}s`, drawDeciles(series, draw));
  section('Entropy', drawEntropy(series, draw));
  section(
    first!.picture.contributions.earlier === true
      ? 'Contributions along the depth, of an earlier version'
      : 'Contributions along the depth',
    drawStrip(first!, { ...draw, ...(folding === undefined ? {} : { folding }) }),
  );
  place(4, []);
  for (const line of series.flatMap(({ name, picture }) =>
    [...(picture.marks ?? []).map(({ message }) => message), madeBy(picture.origin)].flatMap((text) =>
      wrapped(`${name}: ${text}`, inner, 10),
    ),
  )) {
    place(15, [label(0, 10, line, { fill: palette.muted, size: 10 })]);
  }

  const figure: Figure = {
    width: sheetWidth,
    height: top + border - 8,
    title: `${series.map(({ name }) => name).join(', ')}: Fisher information at initialisation`,
    description: readingOf(series)
      .map(({ text }) => text)
      .join(' '),
    body: [svg('rect', { width: sheetWidth, height: top + border - 8, fill: palette.ground }), ...parts],
  };
  return toDocument(figure, palette, 'archlens');
}

/** A sheet as the text of an SVG file that needs nothing else. */
export function sheetFile(series: readonly Series[], options: SheetOptions = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toMarkup(drawSheet(series, options))}\n`;
}

function headerOf(series: readonly Series[], palette: Palette): { height: number; elements: SvgElement[] } {
  const { name, picture } = series[0]!;
  const { layers, vkdnw: drawn } = picture;
  const size = `single ${formatSingle(layers, drawn.value, drawn.se)} · ${formatCount(picture.params)} params · ${formatCount(picture.macs)} MACs`;
  const elements = [
    label(0, 18, fitted(name, inner - 260, 20), { fill: palette.text, size: 20, weight: 600 }),
    label(
      inner,
      18,
      `VKDNW ${formatScore(picture.vkdnw.value, picture.vkdnw.se)}${marksBeside(picture.marks)}`,
      {
        fill: palette.text,
        size: 16,
        weight: 600,
        anchor: 'end',
      },
    ),
    label(0, 40, fitted(picture.file, inner - textWidth(size, 12), 12), { fill: palette.muted, size: 12 }),
    label(inner, 40, size, { fill: palette.muted, size: 12, anchor: 'end' }),
  ];
  if (series.length === 1) {
    return { height: 48, elements };
  }
  const legend = series.flatMap((item, index) => {
    const y = 66 + index * 20;
    const { vkdnw, marks, macs } = item.picture;
    const number = `${formatScore(vkdnw.value, vkdnw.se)}${marksBeside(marks)}`;
    const text =
      index === 0
        ? number
        : `${number} (${formatDifference(vkdnw.value - picture.vkdnw.value)}), ${formatCount(macs)} MACs (${formatChange(picture.macs, macs)})`;
    return [
      svg('rect', { x: 0, y: y - 9, width: 10, height: 10, rx: 2, fill: seriesColour(palette, index) }),
      label(18, y, fitted(item.name, 300, 12), { fill: palette.text, size: 12 }),
      label(inner, y, text, { fill: palette.text, size: 12, anchor: 'end' }),
    ];
  });
  return { height: 52 + series.length * 20, elements: [...elements, ...legend] };
}

/** Words in lines of a width. */
function wrapped(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
