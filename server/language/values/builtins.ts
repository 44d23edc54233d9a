import { channelCount } from '../../network/parts/inputs.ts';
import type { Shape } from '../../network/shape.ts';

/** Names that stand for something of the current tensor; parameters and lets may shadow them. */
const tensorNames = ['channels', 'height', 'width'] as const;

/** Those and what else a place has. */
const placeNames = [...tensorNames, 'classes'] as const;

/** Names a `constraint` condition may use: totals of the network. `flops` counts multiply-accumulates, as papers do. */
export const metricNames = ['params', 'flops', 'macs', 'layers'] as const;

export type MetricName = (typeof metricNames)[number];
export type ContextName = (typeof placeNames)[number] | MetricName;

export function isMetricName(name: string): name is MetricName {
  return (metricNames as readonly string[]).includes(name);
}

/** What a tensor has under a name; `undefined` where it has none, as a vector has no height. */
export function extentOf(name: ContextName, shape: Shape): number | undefined {
  if (name === 'channels') return channelCount(shape);
  const [, height, width] = shape.length === 3 ? shape : [];
  return name === 'height' ? height : name === 'width' ? width : undefined;
}

/** Whether a name is one that everybody gives to values, too: hiding it is no mistake. */
export function isOftenHidden(name: string): boolean {
  return name === 'height' || name === 'width';
}

export function isContextName(name: string): name is ContextName {
  return isMetricName(name) || (placeNames as readonly string[]).includes(name);
}

/** Those known at a place, for suggestions. */
export function contextNames(inConstraint: boolean): readonly ContextName[] {
  return inConstraint ? [...placeNames, ...metricNames] : placeNames;
}
