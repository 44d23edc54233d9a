import { max } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import {
  asWritten,
  depthTree,
  isSampled,
  leaves,
  opsOf,
  type BlockStretch,
  type Folding,
  type VisibleStretch,
} from './depth.ts';
import {
  fitted,
  horizontal,
  label,
  textWidth,
  type DrawOptions,
  type Figure,
  type Series,
} from './figure.ts';
import { formatShare } from '../base/quantities.ts';
import { seriesColour } from './palette.ts';
import { svg, type SvgElement } from './svg.ts';

export interface StripOptions extends DrawOptions {
  readonly folding?: Folding;
  /** Paths of the ops the cursor is on. */
  readonly highlighted?: ReadonlySet<string>;
}

const margin = { top: 20, right: 8, left: 46 };
const plotHeight = 120;
/** Height of a line of names under the strip, in pixels. */
const lane = 18;

/** What every op contributes, from the input on the left to the logits on the right; a folded block is one bar. */
export function drawStrip({ name, picture }: Series, options: StripOptions): Figure {
  const { width, palette, folding = asWritten, highlighted = new Set<string>() } = options;
  const { ops, over } = picture.contributions;
  const items = leaves(depthTree(ops), folding);
  const keys = items.map(({ stretch }) => stretch.key);
  const bottom = margin.top + plotHeight;
  const padding = items.length > 120 ? 0 : 0.18;
  const x = scaleBand(keys, [margin.left, width - margin.right])
    .paddingInner(padding)
    .paddingOuter(0.05);
  const largest = max(items, ({ stretch }) => stretch.share) ?? 0;
  const y = scaleLinear([0, largest === 0 ? 1 : largest], [bottom, margin.top]).nice(3);
  const grid = y
    .ticks(3)
    .flatMap((tick) => [
      horizontal(margin.left, width - margin.right, y(tick), palette.grid),
      label(margin.left - 8, y(tick) + 4, formatShare(tick), { fill: palette.muted, anchor: 'end' }),
    ]);
  // Room for a name of some letters.
  const wide = x.step() >= 44;
  const bars = items.map((item) => bar(item));
  const brackets = bracketsOf(items).map((bracket) => drawBracket(bracket));
  const lanes = (wide ? 1 : 0) + Math.max(0, ...brackets.map(({ level }) => level + 1));
  const ends = lanes === 0 ? lane : 0;
  const height = bottom + 6 + Math.max(lanes, 1) * lane + ends;

  function bar({ stretch }: VisibleStretch): SvgElement {
    const left = x(stretch.key)!;
    const level = y(stretch.share);
    const within = opsOf(stretch);
    const share = isSampled(stretch) ? formatShare(stretch.share) : 'not sampled';
    const silent = within.every((op) => op.silent !== undefined);
    const lit = within.some(({ path }) => highlighted.has(path));
    const colour = seriesColour(palette, 0);
    const folded = stretch.kind === 'block';
    return svg(
      'g',
      { 'data-key': stretch.key, 'data-kind': stretch.kind, 'data-highlighted': lit ? 'true' : undefined },
      // The highlight, as high as the plot, so that a bar can be pointed at anywhere above its name.
      svg('rect', {
        x: left,
        y: margin.top,
        width: x.bandwidth(),
        height: plotHeight,
        fill: lit ? colour : palette.ground,
        'fill-opacity': lit ? 0.14 : 0,
      }),
      svg('rect', { x: left, y: level, width: x.bandwidth(), height: bottom - level, fill: colour, rx: 1 }),
      silent
        ? svg('rect', {
            x: left,
            y: bottom - 6,
            width: x.bandwidth(),
            height: 6,
            fill: 'none',
            stroke: palette.warning,
            'stroke-dasharray': '2 2',
          })
        : undefined,
      wide
        ? label(
            left + x.bandwidth() / 2,
            bottom + 15,
            fitted(shortLabel(stretch.label, folded), x.step() - 4, 10),
            {
              fill: folded ? palette.text : palette.muted,
              anchor: 'middle',
              size: 10,
            },
          )
        : undefined,
      isSampled(stretch) && textWidth(formatShare(stretch.share), 10) <= x.step() - 3
        ? label(left + x.bandwidth() / 2, level - 4, formatShare(stretch.share), {
            fill: palette.text,
            anchor: 'middle',
            size: 10,
            halo: palette.ground,
          })
        : undefined,
      svg('title', {}, `${stretch.label}: ${share}${silent ? ', no signal passes' : ''}`),
    );
  }

  function drawBracket({ block, from, to, level }: Bracket): { level: number; element: SvgElement } {
    const left = x(from)!;
    const right = x(to)! + x.bandwidth();
    const at = bottom + 8 + (level + (wide ? 1 : 0)) * lane;
    return {
      level,
      element: svg(
        'g',
        { 'data-key': block.key, 'data-kind': 'bracket' },
        svg('path', {
          d: `M${left.toFixed(1)} ${at}v3H${right.toFixed(1)}v-3`,
          fill: 'none',
          stroke: palette.muted,
        }),
        label((left + right) / 2, at + 14, fitted(block.label, right - left, 10), {
          fill: palette.muted,
          anchor: 'middle',
          size: 10,
        }),
        svg('title', {}, `${block.label}: ${formatShare(block.share)}`),
      ),
    };
  }

  const note =
    lanes === 0
      ? [
          label(margin.left, bottom + 16, 'input', { fill: palette.muted }),
          label(width - margin.right, bottom + 16, 'logits', { fill: palette.muted, anchor: 'end' }),
        ]
      : [];
  return {
    width,
    height,
    title: `Contributions along the depth of ${name}`,
    description: `Share of the trace of the Fisher information${over === 'scored' ? ' over the scored tensors' : ''}, from the input to the logits: ${items
      .map(({ stretch }) => `${stretch.label} ${formatShare(stretch.share)}`)
      .slice(0, 40)
      .join(', ')}${items.length > 40 ? `, and ${items.length - 40} more` : ''}.`,
    body: [...grid, ...bars, ...brackets.map(({ element }) => element), ...note],
  };
}

/** The innermost call, without its arguments where they are long: what fits under a bar. */
function shortLabel(text: string, folded: boolean): string {
  const last = text.split(' › ').at(-1) ?? text;
  return folded && last.length <= 12 ? last : last.replace(/\(.*$/s, '');
}

interface Bracket {
  readonly block: BlockStretch;
  readonly from: string;
  readonly to: string;
  /** 0 for those next to the bars. */
  readonly level: number;
}

/** Most lines of brackets under the strip: the outermost blocks. */
const mostLevels = 3;

/** The open blocks, each with its first and last item. */
function bracketsOf(items: readonly VisibleStretch[]): Bracket[] {
  const found = new Map<string, { block: BlockStretch; from: string; to: string; level: number }>();
  const deepest = Math.min(mostLevels, Math.max(0, ...items.map(({ within }) => within.length)));
  for (const { stretch, within } of items) {
    for (const [level, block] of within.slice(0, mostLevels).entries()) {
      const known = found.get(block.key);
      if (known === undefined) {
        found.set(block.key, { block, from: stretch.key, to: stretch.key, level: deepest - 1 - level });
      } else {
        known.to = stretch.key;
      }
    }
  }
  return [...found.values()];
}
