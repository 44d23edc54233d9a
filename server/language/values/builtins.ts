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
