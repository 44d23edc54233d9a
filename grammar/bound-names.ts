import type { FlowStatement, Identifier } from './syntax.ts';

/** The names that a statement gives to the tensors it makes: of `x = …` and of `[a, b] = …`. */
export function boundNames({ name, names }: FlowStatement): readonly Identifier[] {
  return name === undefined ? (names?.names ?? []) : [name];
}
