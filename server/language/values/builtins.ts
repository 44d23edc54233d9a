import { describeValue, number } from './values.ts';
import type { Value } from '../names/meaning.ts';

/** Names that stand for something of the current place; parameters and lets may shadow them. */
const placeNames = ['channels', 'classes'] as const;

/** Names a `constraint` condition may use: totals of the network. `flops` counts multiply-accumulates, as papers do. */
const metricNames = ['params', 'flops', 'macs', 'layers'] as const;

export type MetricName = (typeof metricNames)[number];
export type ContextName = (typeof placeNames)[number] | MetricName;

export function isMetricName(name: string): name is MetricName {
  return (metricNames as readonly string[]).includes(name);
}

export function isContextName(name: string): name is ContextName {
  return isMetricName(name) || (placeNames as readonly string[]).includes(name);
}

/** Those known at a place, for suggestions. */
export function contextNames(inConstraint: boolean): readonly ContextName[] {
  return inConstraint ? [...placeNames, ...metricNames] : placeNames;
}

export interface BuiltinFunction {
  readonly signature: string;
  readonly doc: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  apply(args: readonly number[]): number;
}

/** Rounds to a multiple of 8, at least 8 and never below 90 % of the value (MobileNet's `_make_divisible`). */
export function round8(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}

export const functions: ReadonlyMap<string, BuiltinFunction> = new Map<string, BuiltinFunction>([
  [
    'round8',
    {
      signature: 'round8(x)',
      doc: 'Rounds to a multiple of 8, at least 8 and never below 90 % of x, as MobileNets round their widths.',
      minArgs: 1,
      maxArgs: 1,
      apply: ([x]) => round8(x!),
    },
  ],
  ['floor', unary('floor', 'The largest whole number that is not above x.', Math.floor)],
  ['ceil', unary('ceil', 'The smallest whole number that is not below x.', Math.ceil)],
  ['round', unary('round', 'The nearest whole number; halves go up.', Math.round)],
  ['min', variadic('min', 'The smallest of its arguments.', Math.min)],
  ['max', variadic('max', 'The largest of its arguments.', Math.max)],
]);

function unary(name: string, doc: string, apply: (x: number) => number): BuiltinFunction {
  return { signature: `${name}(x)`, doc, minArgs: 1, maxArgs: 1, apply: ([x]) => apply(x!) };
}

function variadic(name: string, doc: string, combine: (a: number, b: number) => number): BuiltinFunction {
  return {
    signature: `${name}(a, b, …)`,
    doc,
    minArgs: 1,
    maxArgs: Infinity,
    apply: (args) => args.reduce((a, b) => combine(a, b)),
  };
}

/** The value of a call, or what is wrong with it. */
export function callFunction(name: string, fn: BuiltinFunction, args: readonly Value[]): Value | string {
  if (args.length < fn.minArgs || args.length > fn.maxArgs) {
    return `\`${name}\` takes ${fn.maxArgs === Infinity ? 'at least one argument' : 'one argument'}, not ${args.length}: write \`${fn.signature}\`.`;
  }
  const numbers: number[] = [];
  for (const value of args) {
    if (value.kind !== 'number') return `\`${name}\` takes numbers, not ${describeValue(value)}.`;
    numbers.push(value.value);
  }
  return number(fn.apply(numbers));
}
