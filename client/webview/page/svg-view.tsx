import { h } from 'preact';
import type { VNode } from 'preact';
import type { SvgElement } from '../../../server/plot/svg.ts';

/** A drawing as elements of the page. */
export function SvgView({ drawing }: { readonly drawing: SvgElement }): VNode {
  return element(drawing);
}

function element({ tag, attributes, children }: SvgElement): VNode {
  return h(
    tag,
    attributes,
    children.map((child) => (typeof child === 'string' ? child : element(child))),
  );
}
