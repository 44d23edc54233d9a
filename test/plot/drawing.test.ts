import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawDeciles } from '../../server/plot/deciles-figure.ts';
import { allBlocks, depthTree } from '../../server/plot/depth.ts';
import { drawEntropy } from '../../server/plot/entropy-figure.ts';
import { toDocument, type Figure, type Series } from '../../server/plot/figure.ts';
import { lightPalette, themePalette } from '../../server/plot/palette.ts';
import { madeBy, madeByRows } from '../../server/plot/provenance.ts';
import { drawSheet, sheetFile } from '../../server/plot/sheet.ts';
import { drawSpectrum } from '../../server/plot/spectrum-figure.ts';
import { drawStrip } from '../../server/plot/strip-figure.ts';
import { svg, toMarkup, type SvgElement, type SvgNode } from '../../server/plot/svg.ts';
import { toCsv, toJson } from '../../server/plot/tables.ts';
import { ops, picture } from './support/pictures.ts';
import { cases } from '../support/property-runs.ts';

const draw = { width: 640, palette: lightPalette };
const one: Series = { name: 'Net', picture: picture() };
const two: Series = {
  name: 'Net, 10:42',
  picture: picture({ vkdnw: { value: 1.9, se: 0.1 }, macs: 1_000_000 }),
};

function* all(node: SvgNode): Generator<SvgElement> {
  if (typeof node === 'string') return;
  yield node;
  for (const child of node.children) yield* all(child);
}

function elements({ body }: Figure, tag: string): SvgElement[] {
  return body.flatMap((node) => [...all(node)]).filter((element) => element.tag === tag);
}

const textOf = ({ children }: SvgElement): string =>
  children.filter((child) => typeof child === 'string').join('');
const texts = (figure: Figure): string[] => elements(figure, 'text').map(textOf);
const number = (element: SvgElement, name: string): number => Number(element.attributes[name]);

describe('the spectrum', () => {
  test('marks the nine deciles at their quantile and value', () => {
    const figure = drawSpectrum([one], draw);
    const marks = elements(figure, 'circle');
    expect(marks).toHaveLength(9);
    const steps = marks.slice(1).map((mark, k) => number(mark, 'cx') - number(marks[k]!, 'cx'));
    for (const step of steps) expect(step).toBeCloseTo(steps[0]!, 1);
    // Larger values are higher.
    for (const [k, mark] of marks.slice(1).entries())
      expect(number(mark, 'cy')).toBeLessThan(number(marks[k]!, 'cy'));
    expect(texts(figure)).toContain('1.5');
  });

  test('passes through its deciles', () => {
    const eigenvalues = Array.from({ length: 11 }, (_, k) => 10 ** k);
    const deciles = eigenvalues.slice(1, 10);
    const figure = drawSpectrum([{ name: 'Net', picture: picture({ eigenvalues, deciles }) }], draw);
    const path = elements(figure, 'path')[0]!.attributes['d']!;
    const points = path
      .slice(1)
      .split('L')
      .map((point) => point.split(',').map(Number));
    for (const [k, mark] of elements(figure, 'circle').entries()) {
      expect(points[k + 1]![0]).toBeCloseTo(number(mark, 'cx'), 1);
      expect(points[k + 1]![1]).toBeCloseTo(number(mark, 'cy'), 1);
    }
  });

  test('puts zeros on a line of their own', () => {
    const figure = drawSpectrum(
      [
        {
          name: 'Net',
          picture: picture({ eigenvalues: [0, 0, 0.01, 1], deciles: [0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.5] }),
        },
      ],
      draw,
    );
    expect(texts(figure)).toContain('0');
    const lowest = Math.max(...elements(figure, 'circle').map((mark) => number(mark, 'cy')));
    expect(elements(figure, 'circle').filter((mark) => number(mark, 'cy') === lowest)).toHaveLength(4);
  });

  test('writes values only where there is room, and nothing laid over', () => {
    expect(texts(drawSpectrum([one, two], draw))).not.toContain('1.5');
    expect(texts(drawSpectrum([one], { ...draw, width: 400 }))).not.toContain('1.5');
  });

  test('says its numbers in words', () => {
    const { title, description } = drawSpectrum([one, two], draw);
    expect(title).toBe('Eigenvalue spectrum of Net, Net, 10:42');
    expect(description).toMatch(
      /^Net: 64 eigenvalues of the Fisher information from 1 to 2.*0\.9: 1\.9\. Net, 10:42: /,
    );
  });

  test('is finite for any spectrum', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1e300, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 20 }),
        fc.array(value, { minLength: 9, maxLength: 9 }),
        (some, nine) => {
          const eigenvalues = [...some, 1].sort((a, b) => a - b);
          const deciles = nine.sort((a, b) => a - b);
          const series = [{ name: 'Net', picture: picture({ eigenvalues, deciles }) }];
          const markup = [drawSpectrum(series, draw), drawDeciles(series, draw)]
            .map((figure) => toMarkup(toDocument(figure, lightPalette, 'x')))
            .join('');
          expect(markup).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
      cases(60),
    );
  });
});

describe('the deciles', () => {
  test('are bars as high as their share', () => {
    const deciles = [1, 1, 1, 1, 1, 1, 1, 1, 8];
    const bars = elements(drawDeciles([{ name: 'Net', picture: picture({ deciles }) }], draw), 'rect');
    expect(bars).toHaveLength(9);
    expect(number(bars[8]!, 'height') / number(bars[0]!, 'height')).toBeCloseTo(8, 1);
  });

  test('of a model laid over are levels across the bars', () => {
    const figure = drawDeciles([one, two], draw);
    expect(elements(figure, 'rect')).toHaveLength(9);
    expect(
      elements(figure, 'line').filter(({ attributes }) => attributes['stroke'] === lightPalette.series[1]),
    ).toHaveLength(9);
  });
});

describe('quantiles with both ends', () => {
  const { origin } = picture();
  const released: Series = {
    name: 'Released',
    picture: picture({
      deciles: Array.from({ length: 11 }, (_, k) => 1 + k / 10),
      origin: { ...origin, settings: { ...origin.settings, norm: 'released-mbv2', tensors: 'random' } },
    }),
  };

  test('are marked where they are, the ends too', () => {
    const figure = drawSpectrum([released], draw);
    const marks = elements(figure, 'circle').map((mark) => number(mark, 'cx'));
    expect(marks).toHaveLength(11);
    const [first, last] = [marks[0]!, marks[10]!];
    for (const [k, at] of marks.entries()) expect(at).toBeCloseTo(first + (k * (last - first)) / 10, 6);
    expect(figure.description).toMatch(/Quantiles 0: 1, 0\.1: 1\.1, .*1: 2\.$/);
  });

  test('are bars beside which deciles laid over them keep their places', () => {
    const figure = drawDeciles([released, one], draw);
    const [bars, levels] = [elements(figure, 'rect'), elements(figure, 'line')];
    expect(bars).toHaveLength(11);
    const own = levels.filter(({ attributes }) => attributes['stroke'] === lightPalette.series[1]);
    expect(own).toHaveLength(9);
    for (const [k, level] of own.entries())
      expect(number(level, 'x1') + 3).toBeCloseTo(number(bars[k + 1]!, 'x'), 6);
    expect(texts(figure)).toContain('all equal: ln 11');
  });

  test('have an entropy of at most ln 11, and say how they were made', () => {
    expect(drawEntropy([released], draw).description).toMatch(/of at most 2\.398/);
    expect(toCsv([released])).toMatch(/Released,quantile,0,1,\r\n/);
    expect(toCsv([released])).toMatch(/Released,normalised quantile,1,/);
    expect(madeBy(released.picture.origin)).toContain('norms released-mbv2, tensors random');
    expect(Object.fromEntries(madeByRows(released.picture.origin))).toMatchObject({
      'Weights P': 'one of each of 128 tensors at random',
      Norm: 'as the released code has it for MobileNetV2: running statistics after one training step',
    });
    expect(Object.fromEntries(madeByRows(origin))).toMatchObject({
      'Weights P': 'one of each of the first 128 tensors',
      Norm: 'evaluation mode at initialisation',
    });
  });
});

describe('the entropy', () => {
  test('has a row for every model with every draw', () => {
    const figure = drawEntropy([one, two], draw);
    expect(elements(figure, 'g')).toHaveLength(2);
    expect(elements(figure, 'circle').map((mark) => number(mark, 'cx'))).toSatisfy(
      ([first, second]: number[]) => first! > second!,
    );
    expect(figure.description).toMatch(/^Net: 2\.100 ± 0\.020 of at most 2\.197, from 4 draws: 2\.060, /);
  });
});

describe('the strip', () => {
  const blocks = picture({
    contributions: {
      over: 'all',
      ops: ops([
        { label: 'conv(16, 3x3)', share: 0.25 },
        { label: 'conv(8, 3x3)', share: 0.25, calls: ['repeat #1', 'Block(8)'] },
        { label: 'bn', share: 0, silent: 'Not used.', calls: ['repeat #1', 'Block(8)'] },
        { label: 'none', share: 0, silent: 'Not used.', tensors: 0 },
        { label: 'dense(10)', share: 0.5 },
      ]),
    },
  });
  const bars = (figure: Figure): (string | undefined)[] =>
    elements(figure, 'g')
      .filter(({ attributes }) => attributes['data-kind'] === 'op' || attributes['data-kind'] === 'block')
      .map(({ attributes }) => attributes['data-kind']);

  test('has one bar for a folded block', () => {
    expect(bars(drawStrip({ name: 'Net', picture: blocks }, draw))).toEqual(['op', 'block', 'op', 'op']);
    const folding = allBlocks(depthTree(blocks.contributions.ops), 'open');
    const open = drawStrip({ name: 'Net', picture: blocks }, { ...draw, folding });
    expect(bars(open)).toEqual(['op', 'op', 'op', 'op', 'op']);
    expect(texts(open)).toContain('repeat #1 › Block(8)');
  });

  test('marks what no signal passes and what the cursor is on', () => {
    const figure = drawStrip({ name: 'Net', picture: blocks }, { ...draw, highlighted: new Set(['op.1']) });
    const titles = elements(figure, 'title').map(textOf);
    expect(titles).toContain('none: 0 %, no signal passes');
    const lit = elements(figure, 'g').filter(({ attributes }) => attributes['data-highlighted'] === 'true');
    expect(lit.map(({ attributes }) => attributes['data-kind'])).toEqual(['block']);
  });

  test('does not call a share 0 that was not sampled', () => {
    const scored = ops([
      { label: 'conv(16, 3x3)', share: 1 },
      { label: 'dense(10)', share: 0, tensors: 0 },
    ]);
    const figure = drawStrip(
      { name: 'Net', picture: picture({ contributions: { over: 'scored', ops: scored } }) },
      draw,
    );
    // That of the axis alone.
    expect(texts(figure).filter((text) => text === '0 %')).toHaveLength(1);
    expect(elements(figure, 'title').map(textOf)).toContain('dense(10): not sampled');
  });
});

describe('the sheet', () => {
  test('has the same drawing in every palette', () => {
    const light = toMarkup(drawSheet([one, two]));
    let themed = toMarkup(drawSheet([one, two], { palette: themePalette }));
    for (const key of ['text', 'muted', 'grid', 'ground', 'warning', 'font'] as const)
      themed = themed.replaceAll(themePalette[key], lightPalette[key]);
    for (const [index, colour] of themePalette.series.entries())
      themed = themed.replaceAll(colour, lightPalette.series[index]!);
    expect(themed).toBe(light);
  });

  test('needs nothing else and says what it shows', () => {
    const file = sheetFile([one]);
    expect(file).not.toMatch(/var\(|<style|<script|href|url\(/);
    expect(file).toMatch(/role="img" aria-labelledby="archlens-title archlens-description"/);
    expect(file).toMatch(/sketch:1, N 64, P 128, M 16, S 4, seed 0/);
    expect(file).not.toContain('1234');
  });

  test('lists the models laid over with their difference', () => {
    const markup = toMarkup(drawSheet([one, two]));
    expect(markup).toContain('1.900 ± 0.100 (−0.200), 1 M MACs (−50 %)');
  });
});

describe('markup', () => {
  test('escapes what users write', () => {
    const markup = toMarkup(svg('text', { 'data-x': 'a"b<' }, '<script>&\u0000'));
    expect(markup).toBe('<text data-x="a&quot;b&lt;">&lt;script&gt;&amp;\uFFFD</text>');
  });
});

describe('tables', () => {
  test('CSV has every number once and quotes what needs it', () => {
    const lines = toCsv([{ name: 'Net, 10:42', picture: picture() }])
      .trimEnd()
      .split('\r\n');
    expect(lines[0]).toBe('model,quantity,item,value,standard_error');
    expect(lines[1]).toBe('"Net, 10:42",vkdnw,,2.1,0.02');
    expect(lines.filter((line) => line.includes(',eigenvalue,'))).toHaveLength(64);
    expect(lines.filter((line) => line.includes(',contribution,'))).toHaveLength(3);
    expect(lines).toContain('"Net, 10:42",contribution,"conv(16, 3x3)",0.3,');
  });

  test('CSV has what every op holds of the bands that hold anything', () => {
    const bands = [null, 0.125, 0, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75];
    const contributions = {
      over: 'all' as const,
      ops: ops([
        { label: 'conv(8)', share: 0.75, bands, calls: ['Block(8)'] },
        { label: 'relu', share: 0, tensors: 0 },
      ]),
    };
    const lines = toCsv([{ name: 'Net', picture: picture({ contributions }) }]).split('\r\n');
    const inBands = lines.filter((line) => line.startsWith('Net,band '));
    expect(inBands).toHaveLength(9);
    expect(inBands.slice(0, 2)).toEqual([
      'Net,band 2,Block(8) › conv(8),0.125,',
      'Net,band 3,Block(8) › conv(8),0,',
    ]);
  });

  test('a name that looks like a formula stays a text', () => {
    expect(toCsv([{ name: '=1+1', picture: picture() }])).toContain("\r\n'=1+1,vkdnw");
  });

  test('JSON is the pictures themselves', () => {
    expect(JSON.parse(toJson([one]))).toEqual({ format: 'archlens-picture/1', series: [one] });
  });
});
