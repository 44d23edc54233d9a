/** A drawing as a plain value: it can be written as text, built into a page, and compared in a test. */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly SvgNode[];
}

export type SvgNode = SvgElement | string;

type AttributeValue = string | number | undefined;
type Child = SvgNode | undefined | readonly Child[];

/** An element. Numbers are rounded to hundredths, what is undefined is left out, lists of children are flattened. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  ...children: readonly Child[]
): SvgElement {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'number' ? shortNumber(value) : value] as const],
  );
  return { tag, attributes: Object.fromEntries(written), children: [...flat(children)] };
}

function* flat(children: readonly Child[]): Generator<SvgNode> {
  for (const child of children) {
    if (child === undefined) {
      continue;
    }
    if (isList(child)) {
      yield* flat(child);
    } else {
      yield child;
    }
  }
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}

/** At most two decimals, as coordinates are written: `12.5`, `0`. */
export function shortNumber(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

/** The drawing as XML, one element a line as far as no text is touched. */
export function toMarkup(node: SvgNode, indent = ''): string {
  if (typeof node === 'string') {
    return escapeText(node);
  }
  const { tag, attributes, children } = node;
  const written = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', '&quot;')}"`)
    .join('');
  if (children.length === 0) {
    return `<${tag}${written}/>`;
  }
  if (tag === 'text' || tag === 'tspan' || children.every((child) => typeof child === 'string')) {
    return `<${tag}${written}>${children.map((child) => toMarkup(child)).join('')}</${tag}>`;
  }
  const deeper = `${indent} `;
  const lines = children.map((child) => `${deeper}${toMarkup(child, deeper)}\n`);
  return `<${tag}${written}>\n${lines.join('')}${indent}</${tag}>`;
}

/** What XML allows, with its three special characters spelt out. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
