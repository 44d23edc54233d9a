import type { Callable, SequenceValue, UnknownValue, Value } from '../names/meaning.ts';

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
