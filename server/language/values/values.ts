import type { Argument, BlockDecl, CellDecl } from '../../../grammar/syntax.ts';
import type { OpDefinition } from '../../network/op.ts';
import type { Declaration, Module } from '../names/module.ts';
import type { Scope } from '../names/scope.ts';

/** What an expression of the language evaluates to. */
export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'dims'; readonly values: readonly number[] }
  | SequenceValue
  | OpReference
  | UnknownValue;

/** Holds no unknown values: a list with one is unknown itself. */
export interface SequenceValue {
  readonly kind: 'list' | 'tuple';
  readonly elements: readonly Value[];
  /** Number of values in it at any depth: bounds the work of comparing and printing. */
  readonly size: number;
}

/** An op, block or cell as a value: an option of a `choice`, an element of a list, an argument. */
export interface OpReference {
  readonly kind: 'op';
  readonly target: Callable;
  /** Evaluated where the op is applied (they may use `channels`), with the names of where they are written. */
  readonly args: readonly Argument[];
  readonly scope: Scope;
  readonly module: Module;
  /** As written, spaces normalised: `conv(16, 3x3)`. */
  readonly text: string;
}

/**
 * A value nobody can know: an error has been reported where it arose, or (while counting) it is not decided yet.
 * Whatever is computed from it is unknown too, silently.
 */
export interface UnknownValue {
  readonly kind: 'unknown';
}

export type Callable =
  | { readonly kind: 'op'; readonly definition: OpDefinition }
  | { readonly kind: 'block'; readonly decl: BlockDecl; readonly declaration: Declaration }
  | { readonly kind: 'cell'; readonly decl: CellDecl; readonly declaration: Declaration };

export const unknown: UnknownValue = { kind: 'unknown' };

/** Largest list, counting nested elements. */
export const maxListSize = 10_000;

export const number = (value: number): Value => ({ kind: 'number', value });
export const boolean = (value: boolean): Value => ({ kind: 'boolean', value });
export const string = (value: string): Value => ({ kind: 'string', value });

export function sequence(kind: 'list' | 'tuple', elements: readonly Value[]): SequenceValue {
  let size = 1;
  for (const element of elements) size += sizeOf(element);
  return { kind, elements, size };
}

/** How many values it is made of: what comparing and printing it costs. */
export function sizeOf(value: Value): number {
  // Shapes and kernels have three extents at most.
  if (value.kind === 'dims') return Math.max(1, value.values.length - 2);
  return value.kind === 'list' || value.kind === 'tuple' ? value.size : 1;
}

export function callableName(target: Callable): string {
  return target.kind === 'op' ? target.definition.name : target.decl.name.name;
}

/** Shortest text that shows a number to six digits: `0.333333`, `24`. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** As the language writes it. */
export function formatValue(value: Value): string {
  switch (value.kind) {
    case 'number':
      return formatNumber(value.value);
    case 'boolean':
      return String(value.value);
    case 'string':
      return value.value;
    case 'dims':
      return value.values.map(formatNumber).join('x');
    case 'list':
      return `[${value.elements.map(formatValue).join(', ')}]`;
    case 'tuple':
      return `(${value.elements.map(formatValue).join(', ')})`;
    case 'op':
      return value.text;
    case 'unknown':
      return '?';
  }
}

/** `the number 3`, `the string "a"`, `a list`: for messages about a value of the wrong type. */
export function describeValue(value: Value): string {
  switch (value.kind) {
    case 'number':
      return `the number ${formatValue(value)}`;
    case 'boolean':
      return formatValue(value);
    case 'string':
      return `the string "${value.value.length > 30 ? `${value.value.slice(0, 30)}…` : value.value}"`;
    case 'dims':
      return `the dims ${value.values.length > 16 ? `${value.values.slice(0, 16).map(formatNumber).join('x')}…` : formatValue(value)}`;
    case 'list':
    case 'tuple':
      return `a ${value.kind} of ${value.elements.length} ${value.elements.length === 1 ? 'value' : 'values'}`;
    case 'op':
      return `the ${value.target.kind} ${value.text}`;
    case 'unknown':
      return 'an unknown value';
  }
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'number':
    case 'boolean':
    case 'string':
      return b.kind === a.kind && b.value === a.value;
    case 'dims':
      return (
        b.kind === 'dims' &&
        a.values.length === b.values.length &&
        a.values.every((extent, axis) => extent === b.values[axis])
      );
    case 'list':
    case 'tuple':
      return (
        b.kind === a.kind &&
        a.size === b.size &&
        a.elements.length === b.elements.length &&
        a.elements.every((element, index) => sameValue(element, b.elements[index]!))
      );
    case 'op':
      return b.kind === 'op' && a.text === b.text && callableName(a.target) === callableName(b.target);
    case 'unknown':
      return false;
  }
}

export function isUnknown(value: Value): value is UnknownValue {
  return value.kind === 'unknown';
}

/** How a genotype writes a decided value. */
export type Json = number | boolean | string | readonly Json[];

export function toJson(value: Value): Json {
  switch (value.kind) {
    case 'number':
    case 'boolean':
    case 'string':
      return value.value;
    case 'list':
    case 'tuple':
      return value.elements.map(toJson);
    case 'dims':
    case 'op':
    case 'unknown':
      return formatValue(value);
  }
}
