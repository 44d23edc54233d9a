import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../support/random.ts';

/** What can be written to a file and read again: strings whose characters are bytes stand for binary data. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json | undefined };

/** A part of the program and what must hold of it for every input. */
export interface FuzzTarget {
  readonly name: string;
  /** An input. It is plain, so that it can be kept, tried again and made smaller. */
  readonly generate: (random: Random) => Json;
  /**
   * Tries an input, which may have lost elements of its lists and characters of its strings since it was generated.
   *
   * @throws what does not hold
   */
  readonly check: (input: Json) => void | Promise<void>;
  /** Processor time of a case that is taken for endless, in seconds; default `defaultLimit`. */
  readonly limit?: number;
  /** What a case leaves behind may matter to the next ones: a finding is tried again behind those before it. */
  readonly hasState?: boolean;
  /** Ends processes and removes files. */
  readonly close?: () => void | Promise<void>;
}

/** Most cases take milliseconds, the largest texts some hundred of them; in seconds. */
export const defaultLimit = 10;

/** A target over inputs of one type; `generate` alone makes them, so `check` gets no others. */
export function target<Input>(
  definition: Omit<FuzzTarget, 'generate' | 'check'> & {
    readonly generate: (random: Random) => Input;
    readonly check: (input: Input) => void | Promise<void>;
  },
): FuzzTarget {
  return definition as unknown as FuzzTarget;
}

/** Something that should hold and does not. The first line names it alike for every input. */
export class Violation extends Error {
  constructor(what: string, details?: unknown) {
    super(details === undefined ? what : `${what}\n${describe(details)}`);
    this.name = 'Violation';
  }
}

export function ensure(condition: boolean, what: string, details?: () => unknown): asserts condition {
  if (!condition) throw new Violation(what, details?.());
}

export function ensureSame(found: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(found, expected)) throw new Violation(what, firstDifference(found, expected));
}

/** Where two values part, and how they go on there. */
function firstDifference(found: unknown, expected: unknown, path = ''): string {
  if (isParent(found) && isParent(expected) && Array.isArray(found) === Array.isArray(expected)) {
    for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
      if (!isDeepStrictEqual(found[key], expected[key]))
        return firstDifference(found[key], expected[key], `${path}/${key}`);
    }
  }
  return `at ${path}/: ${describe(found)}, not ${describe(expected)}`;
}

function isParent(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function describe(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
  return (text as string | undefined)?.slice(0, 2000) ?? 'undefined';
}

/**
 * What two findings of one cause have in common: the name of the error, the first line of its message without numbers
 * and what it quotes, and the place in the sources where it was thrown.
 */
export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const [line = ''] = error.message.split('\n');
  const message = line.replaceAll(/"[^"]*"|`[^`]*`|'[^']*'|\d+/g, '…').slice(0, 160);
  if (error instanceof Violation) return message;
  const place =
    /(?:grammar|server|client)\/[\w/.-]+\.ts/.exec(error.stack ?? '')?.[0] ?? 'outside the sources';
  return `${error.name}: ${message} (${place})`;
}
