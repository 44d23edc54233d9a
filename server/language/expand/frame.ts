import type { ForStatement, RepeatStatement, Span } from '../../../grammar/syntax.ts';
import type { CallSite } from '../../network/network.ts';
import { DecisionNames } from '../spaces/decisions.ts';
import type { RelatedInformation } from '../check/diagnostics.ts';
import type { Module, Value } from '../names/meaning.ts';
import { formatValue } from '../values/values.ts';

/** Where expansion is: a body of a declaration, and how it got there. */
export interface Frame {
  readonly module: Module;
  /** Calls and iterations that led here, outermost first. */
  readonly calls: readonly CallSite[];
  /** The same for people, innermost first: `called here with out = 32`. */
  readonly trail: readonly RelatedInformation[];
  /** Structural address of the body, ending in `/` unless empty (see `NetworkNode.path`). */
  readonly path: string;
  /** How many of each kind of statement the body has had. */
  readonly ordinals: Map<string, number>;
  readonly names: DecisionNames;
  /** Bodies and calls around this one. */
  readonly depth: number;
}

export function rootFrame(module: Module): Frame {
  return {
    module,
    calls: [],
    trail: [],
    path: '',
    ordinals: new Map(),
    names: new DecisionNames(''),
    depth: 0,
  };
}

/** Kind and ordinal of the next statement of that kind: `conv.1`. Statements of other kinds do not count. */
export function address(frame: Frame, kind: string): string {
  const ordinal = frame.ordinals.get(kind) ?? 0;
  frame.ordinals.set(kind, ordinal + 1);
  return `${frame.path}${kind}.${ordinal}`;
}

/** A body inside a body. */
export function bodyFrame(frame: Frame, path: string, names: string): Frame {
  return {
    ...frame,
    path: `${path}/`,
    ordinals: new Map(),
    names: new DecisionNames(names),
    depth: frame.depth + 1,
  };
}

/** A body entered through a call or an iteration. */
export function enteredFrame(
  frame: Frame,
  path: string,
  names: string,
  site: CallSite,
  message: string,
  module = frame.module,
): Frame {
  return {
    ...bodyFrame(frame, path, names),
    module,
    calls: [...frame.calls, site],
    trail: [{ location: { uri: site.uri, span: site.span }, message }, ...frame.trail],
  };
}

/** `out = 32, stride = 2` */
export function bindingText(names: readonly string[], values: readonly Value[]): string {
  return names.map((name, index) => `${name} = ${short(values[index]!)}`).join(', ');
}

/** Long lists would bury the message. */
export function short(value: Value): string {
  const text = formatValue(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `repeat 3 as i`: the statement without its body. */
export function headerSpan(statement: RepeatStatement | ForStatement): Span {
  const last = statement.kind === 'for' ? statement.iterable : (statement.variable ?? statement.count);
  return { start: statement.span.start, end: Math.max(statement.span.start, last.span.end) };
}

/**
 * Labels that tell the iterations of a `for` apart by the values of its variables, not by their position: the first
 * variable whose values all differ (`c=24`), else all variables, numbered where even those repeat.
 */
export function iterationLabels(names: readonly string[], rows: readonly (readonly Value[])[]): string[] {
  for (const [column, name] of names.entries()) {
    const labels = rows.map((row) => `${name}=${formatValue(row[column]!)}`);
    if (new Set(labels).size === labels.length) return labels;
  }
  const used = new Map<string, number>();
  return rows.map((row) => {
    const label = names.map((name, column) => `${name}=${formatValue(row[column]!)}`).join(',');
    const count = (used.get(label) ?? 0) + 1;
    used.set(label, count);
    return count === 1 ? label : `${label}#${count}`;
  });
}
