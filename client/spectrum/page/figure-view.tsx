import type { VNode } from 'preact';
import { toDocument } from '../../../server/plot/figure.ts';
import type { DrawOptions, Figure } from '../../../server/plot/figure.ts';
import { themePalette } from '../../../server/plot/palette.ts';
import { SvgView } from '../../webview/page/svg-view.tsx';
import { useWidth } from '../../webview/page/use-width.ts';

interface FigureProps {
  /** Of the figure, unique in the page. */
  readonly name: string;
  readonly draw: (options: DrawOptions) => Figure;
  readonly onClick?: (event: MouseEvent) => void;
}

/** A figure as wide as there is room. */
export function FigureView({ name, draw, onClick }: FigureProps): VNode {
  const [ref, width] = useWidth<HTMLElement>();
  return (
    <figure ref={ref} data-figure={name} onClick={onClick}>
      {width === 0 ? null : (
        <SvgView drawing={toDocument(draw({ width, palette: themePalette }), themePalette, name)} />
      )}
    </figure>
  );
}
