import { describe, expect, it } from 'vitest';
import { lightPalette } from '../../server/plot/palette.ts';
import {
  drawScatter,
  windowOf,
  zoomed,
  type ScatterPoint,
  type Window,
} from '../../server/plot/scatter-figure.ts';
import type { SvgElement, SvgNode } from '../../server/plot/svg.ts';

const point = (name: string, cost: number, value: number, error = 0): ScatterPoint => ({
  id: name,
  name,
  cost,
  value,
  low: value - error,
  high: value + error,
});
const points = [point('Small', 1e6, 10, 0.2), point('Beaten', 5e7, 9), point('Large', 1e8, 30)];

function draw(window: Window, selected?: string, drawn: readonly ScatterPoint[] = points) {
  return drawScatter(drawn, {
    width: 600,
    palette: lightPalette,
    costLabel: 'MACs',
    valueLabel: 'VKDNW_single',
    window,
    ...(selected === undefined ? {} : { selected }),
  });
}

function elements(nodes: readonly SvgNode[]): SvgElement[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elements(node.children)]));
}

function ids(body: readonly SvgElement[]): string[] {
  return elements(body).flatMap(({ attributes }) => attributes['data-id'] ?? []);
}

function texts(body: readonly SvgElement[]): string[] {
  return elements(body)
    .filter(({ tag }) => tag === 'text')
    .map(({ children }) => children.map((child) => (typeof child === 'string' ? child : '')).join(''));
}

describe('the scatter of a ranking', () => {
  it('draws every model, those of the front over the others', () => {
    const { body, description } = draw(windowOf(points));
    expect(ids(body)).toEqual(['Beaten', 'Small', 'Large']);
    expect(texts(body)).toEqual(expect.arrayContaining(['Small', 'Beaten', 'Large', 'MACs', 'VKDNW_single']));
    expect(description).toMatch(
      /^3 models .* 2 are on the Pareto front, the best of them: Large 30\.000 at 100 M/,
    );
  });

  it('names of many models the front and the selection alone', () => {
    const crowd = Array.from({ length: 30 }, (_, index) => point(`Worse${index}`, 2e6 + index * 2e6, 8));
    const named = (selected?: string): readonly string[] =>
      texts(draw(windowOf(points), selected, [...points, ...crowd]).body).filter((text) =>
        /^[A-Z][a-z]/.test(text),
      );
    expect(new Set(named())).toEqual(new Set(['Small', 'Large']));
    expect(new Set(named('Beaten'))).toEqual(new Set(['Small', 'Large', 'Beaten']));
    expect(ids(draw(windowOf(points), 'Beaten').body).at(-1)).toBe('Beaten');
  });

  it('leaves out a name that would touch another', () => {
    const close = [...points, point('Nearby', 1.01e8, 29.9)];
    expect(texts(draw(windowOf(close), undefined, close).body)).not.toContain('Nearby');
  });

  it('draws the interval of an uncertain value, and none of an exact one', () => {
    const groups = elements(draw(windowOf(points)).body).filter(({ attributes }) => 'data-id' in attributes);
    const bars = groups.map(({ attributes, children }) => [
      attributes['data-id'],
      elements(children).filter(({ tag }) => tag === 'line').length,
    ]);
    expect(bars).toEqual([
      ['Beaten', 0],
      ['Small', 1],
      ['Large', 0],
    ]);
  });

  it('leaves out what lies outside of the window', () => {
    const window = zoomed(windowOf(points), { x: 8, y: 30 }, 0.1);
    expect(ids(draw(window).body)).toEqual(['Large']);
  });

  it('draws the front where it is, and not along the frame', () => {
    const frontIn = (window: Window): string | undefined =>
      elements(draw(window).body).find(({ attributes }) => attributes['data-role'] === 'front')?.attributes[
        'd'
      ];
    // From Small to the right, and up to Large.
    expect(frontIn({ x: [6, 9], y: [0, 40] })).toMatch(/^M64,227L(409\.33),227M\1,227L\1,85$/);
    expect(frontIn({ x: [6, 9], y: [15, 40] })).toMatch(/^M(409\.33),298L\1,127.6$/);
    expect(frontIn({ x: [6.5, 7.5], y: [15, 40] })).toBe('');
  });

  it('keeps the place that is zoomed at', () => {
    const window = { x: [0, 10], y: [0, 100] } as const;
    expect(zoomed(window, { x: 2, y: 50 }, 0.5)).toEqual({ x: [1, 6], y: [25, 75] });
  });

  it('has room around a single model, and around none', () => {
    const { x, y } = windowOf([point('One', 1e6, 3)]);
    expect(x[0]).toBeLessThan(6);
    expect(x[1]).toBeGreaterThan(6);
    expect(y[0]).toBeLessThan(y[1]);
    expect(windowOf([])).toEqual({ x: [0, 1], y: [0, 1] });
  });
});

it('draws what is marked dashed, and says why', () => {
  const marked: ScatterPoint = { ...points[0]!, marked: 'quick, rank 9 of 32' };
  const { body } = draw(windowOf(points), undefined, [marked, ...points.slice(1)]);
  const group = elements(body).find(({ attributes }) => attributes['data-id'] === 'Small');
  const title = group?.children.find((child) => typeof child !== 'string' && child.tag === 'title');
  expect(JSON.stringify(title)).toContain('quick, rank 9 of 32');
  const dashed = (name: string): boolean =>
    elements(elements(body).filter(({ attributes }) => attributes['data-id'] === name)).some(
      ({ tag, attributes }) => tag === 'circle' && attributes['stroke-dasharray'] !== undefined,
    );
  expect([dashed('Small'), dashed('Large')]).toEqual([true, false]);
});
