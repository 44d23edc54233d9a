import { own } from '../base/own.ts';
import type { NetworkNode } from './network.ts';
import type { ArgValue } from './op.ts';
import { opRegistry } from './ops/index.ts';

/** An op as one would write it, defaults left out: `conv(16, 3x3, stride = 2)`. */
export function opLabel({ op, args }: Pick<NetworkNode, 'op' | 'args'>): string {
  const specs = opRegistry.get(op)?.args ?? [];
  const parts = specs.flatMap((spec) => {
    const value = own(args, spec.name);
    if (value === undefined) return [];
    if (spec.default === undefined && spec.defaultFrom === undefined) return [written(value)];
    const fallback = spec.defaultFrom === undefined ? spec.default : own(args, spec.defaultFrom);
    const same = fallback !== undefined && written(fallback) === written(value);
    return same ? [] : [`${spec.name} = ${brief(value)}`];
  });
  return parts.length === 0 ? op : `${op}(${parts.join(', ')})`;
}

/** A stride is written as one number. */
function brief(value: ArgValue): string {
  const square = typeof value === 'object' && value.every((extent) => extent === value[0]);
  return square ? String(value[0]) : written(value);
}

/** An extent always with both sides: `1x1` is what one would write of a kernel. */
function written(value: ArgValue): string {
  return typeof value === 'object' ? value.join('x') : String(value);
}
