import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { toDocument } from '../../../server/plot/figure.ts';
import { themePalette } from '../../../server/plot/palette.ts';
import {
  drawScatter,
  scatterHeight,
  scatterMargin,
  windowOf,
  zoomed,
} from '../../../server/plot/scatter-figure.ts';
import type { ScatterPoint, Window } from '../../../server/plot/scatter-figure.ts';
import { SvgView } from '../../webview/page/svg-view.tsx';
import { useWidth } from '../../webview/page/use-width.ts';

interface ScatterProps {
  readonly points: readonly ScatterPoint[];
  readonly costLabel: string;
  readonly valueLabel: string;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

/** A wheel's notch, or a press of a button. */
const step = 1.25;

/** Score against cost: zoomed by the wheel or the buttons, moved by dragging. */
export function Scatter(props: ScatterProps): VNode {
  const { points, costLabel, valueLabel, selected, onSelect, onOpen } = props;
  const [ref, width] = useWidth<HTMLElement>();
  const [zoom, setZoom] = useState<Window>();
  const drag = useRef<{ readonly x: number; readonly y: number; readonly from: Window } | undefined>(
    undefined,
  );
  const window = zoom ?? windowOf(points);
  // Another axis is another plane.
  useEffect(() => {
    setZoom(undefined);
  }, [costLabel, valueLabel]);

  const inner = {
    width: Math.max(width - scatterMargin.left - scatterMargin.right, 1),
    height: scatterHeight - scatterMargin.top - scatterMargin.bottom,
  };
  /** The place in the plane under the pointer. */
  const placeOf = (event: MouseEvent): { readonly x: number; readonly y: number } => {
    const box = ref.current!.getBoundingClientRect();
    const across = (event.clientX - box.left - scatterMargin.left) / inner.width;
    const up = 1 - (event.clientY - box.top - scatterMargin.top) / inner.height;
    return {
      x: window.x[0] + across * (window.x[1] - window.x[0]),
      y: window.y[0] + up * (window.y[1] - window.y[0]),
    };
  };
  const middle = { x: (window.x[0] + window.x[1]) / 2, y: (window.y[0] + window.y[1]) / 2 };
  const move = (event: PointerEvent): void => {
    if (drag.current === undefined) return;
    const { x, y, from } = drag.current;
    const dx = ((event.clientX - x) / inner.width) * (from.x[1] - from.x[0]);
    const dy = ((event.clientY - y) / inner.height) * (from.y[1] - from.y[0]);
    setZoom({ x: [from.x[0] - dx, from.x[1] - dx], y: [from.y[0] + dy, from.y[1] + dy] });
  };
  const idAt = (event: MouseEvent): string | undefined =>
    event.target instanceof Element
      ? (event.target.closest('[data-id]')?.getAttribute('data-id') ?? undefined)
      : undefined;

  return (
    <div class="scatter">
      <figure
        ref={ref}
        data-figure="scatter"
        onWheel={(event) => {
          // The page scrolls as usual; with Ctrl or a pinch the picture zooms.
          if (!event.ctrlKey) return;
          event.preventDefault();
          setZoom(zoomed(window, placeOf(event), event.deltaY > 0 ? step : 1 / step));
        }}
        onPointerDown={(event) => {
          if (idAt(event) === undefined) drag.current = { x: event.clientX, y: event.clientY, from: window };
        }}
        onPointerMove={move}
        onPointerUp={() => {
          drag.current = undefined;
        }}
        onPointerLeave={() => {
          drag.current = undefined;
        }}
        onClick={(event) => {
          const id = idAt(event);
          if (id !== undefined) onSelect(id);
        }}
        onDblClick={(event) => {
          const id = idAt(event);
          if (id === undefined) setZoom(undefined);
          else onOpen(id);
        }}
      >
        {width === 0 ? null : (
          <SvgView
            drawing={toDocument(
              drawScatter(points, {
                width,
                palette: themePalette,
                costLabel,
                valueLabel,
                window,
                ...(selected === undefined ? {} : { selected }),
              }),
              themePalette,
              'scatter',
            )}
          />
        )}
      </figure>
      <div class="foot">
        <p class="legend muted">
          <span class="key front" aria-hidden="true" /> Pareto front: nothing scores higher for less. Bars are
          comparison intervals (±1.39 standard errors): models whose bars overlap are tied. A dashed circle is
          a quick score, or one with a mark: point at it for which. Double-click a model to open it.
        </p>
        <div class="zoom" role="group" aria-label="Zoom">
          <button
            class="button quiet"
            title="Zoom in (Ctrl+wheel)"
            aria-label="Zoom in"
            onClick={() => {
              setZoom(zoomed(window, middle, 1 / step));
            }}
          >
            +
          </button>
          <button
            class="button quiet"
            title="Zoom out"
            aria-label="Zoom out"
            onClick={() => {
              setZoom(zoomed(window, middle, step));
            }}
          >
            −
          </button>
          <button
            class="button quiet"
            disabled={zoom === undefined}
            onClick={() => {
              setZoom(undefined);
            }}
          >
            All
          </button>
        </div>
      </div>
    </div>
  );
}
