import { own } from '../../base/own.ts';
import type { Pair } from '../../tensor/ir.ts';
import type { ArgValue } from '../op.ts';

type Args = Readonly<Record<string, ArgValue>>;

// `bindArguments` has checked types and ranges, so a mismatch here is a bug of the caller, not user input.

function fail(args: Args, name: string, expected: string): never {
  throw new TypeError(`argument ${name} is ${JSON.stringify(own(args, name))}, expected ${expected}`);
}

export function numberArg(args: Args, name: string): number {
  const value = own(args, name);
  return typeof value === 'number' ? value : fail(args, name, 'a number');
}

export function booleanArg(args: Args, name: string): boolean {
  const value = own(args, name);
  return typeof value === 'boolean' ? value : fail(args, name, 'a boolean');
}

export function stringArg(args: Args, name: string): string {
  const value = own(args, name);
  return typeof value === 'string' ? value : fail(args, name, 'a string');
}

/** An extent: `[height, width]`. */
export function pairArg(args: Args, name: string): Pair {
  const value = own(args, name);
  if (!isPair(value)) return fail(args, name, '[height, width]');
  return value;
}

/** A padding: `same`, `same_tf`, `valid` or `[height, width]`. */
export function paddingArg(args: Args, name: string): Padding {
  const value = own(args, name);
  if (value === 'same' || value === 'same_tf' || value === 'valid' || isPair(value)) return value;
  return fail(args, name, 'same, same_tf, valid or [height, width]');
}

export type Padding = 'same' | 'same_tf' | 'valid' | Pair;

function isPair(value: ArgValue | undefined): value is Pair {
  return Array.isArray(value) && value.length === 2;
}
