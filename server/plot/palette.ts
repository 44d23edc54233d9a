/** Colours and type of a picture, by what they are for. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly ground: string;
  readonly warning: string;
  /** The model the picture is about, then those laid over it; taken in turn. */
  readonly series: readonly string[];
  readonly font: string;
}

/** For a file: it looks the same wherever it is opened. Text keeps a contrast of 4.5 : 1 and more on the ground. */
export const lightPalette: Palette = {
  text: '#1f2328',
  muted: '#59636e',
  grid: '#d1d9e0',
  ground: '#ffffff',
  warning: '#9a6700',
  series: ['#0969da', '#bc4c00', '#8250df', '#1a7f37', '#cf222e', '#7d5c00'],
  font: 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif',
};

/** For a panel: the colours of the editor's theme as its pages name them, the light ones where a theme has none. */
export const themePalette: Palette = {
  text: `var(--text, ${lightPalette.text})`,
  muted: `var(--muted, ${lightPalette.muted})`,
  grid: `var(--grid, ${lightPalette.grid})`,
  ground: `var(--ground, ${lightPalette.ground})`,
  warning: `var(--warning, ${lightPalette.warning})`,
  series: lightPalette.series.map((colour, index) => `var(--series-${index}, ${colour})`),
  font: `var(--font, ${lightPalette.font})`,
};

export function seriesColour({ series }: Palette, index: number): string {
  return series[index % series.length]!;
}
