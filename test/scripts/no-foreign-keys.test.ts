import { join } from 'node:path';
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, describe, it } from 'vitest';
import { noForeignKeys } from '../../scripts/no-foreign-keys.mjs';

Object.assign(RuleTester, { afterAll, describe, it, itOnly: it.only });

const root = join(import.meta.dirname, '../..');
const tester = new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    // The snippets stand for this file: they are in the project, so that they have types.
    parserOptions: { projectService: true, tsconfigRootDir: root },
  },
});

const names = `
  declare const name: string;
  declare const values: Record<string, number>;
  declare const known: 'a' | 'b';
  declare const table: Readonly<Record<'a' | 'b', number>>;
`;

const snippet = (code: string) => ({ code: `${names}${code}`, filename: import.meta.filename });

const foreign = (code: string, errors = 1) => ({
  ...snippet(code),
  errors: Array.from({ length: errors }, () => ({ messageId: 'foreign' })),
});

tester.run('no-foreign-keys', noForeignKeys, {
  valid: [
    // What is listed by the type, or written there.
    'table[known];',
    'values["constructor"];',
    'values.constructor;',
    'const { [known]: found } = table;',
    '"a" in values;',
    'known in values;',
    'function f<K extends keyof typeof table>(key: K) { return table[key]; }',
    'for (const key of ["a", "b"] as const) table[key];',
    'type Prefixed = `x-${"a" | "b"}`; declare const prefixed: Prefixed; declare const long: Record<Prefixed, 1>; long[prefixed];',
    // Numbers and symbols are no names.
    'const list = [1]; for (let i = 0; i < 1; i++) list[i];',
    'values[Symbol.iterator as never];',
    // A Map takes any name, and so does an object that is made at once.
    'new Map<string, number>().get(name);',
    'Object.fromEntries([[name, 1]]);',
    'class Box { #secret = 1; static is(box: object): boolean { return #secret in box; } }',
  ].map(snippet),
  invalid: [
    foreign('values[name];'),
    foreign('values[name] = 1;'),
    foreign('delete values[name];'),
    foreign('values?.[name];'),
    foreign('name in values;'),
    foreign('const { [name]: found } = values;'),
    foreign('({ [name]: values["a"] } = values);'),
    foreign('declare const any: any; values[any];'),
    foreign('declare const unlisted: unknown; values[unlisted as never]; unlisted as string in values;'),
    foreign('declare const either: "a" | string; values[either];'),
    foreign('declare const prefixed: `x-${string}`; values[prefixed];'),
    foreign('declare const upper: Uppercase<string>; values[upper];'),
    foreign('declare const branded: string & { brand: 1 }; values[branded];'),
    foreign('function f<K extends string>(key: K) { return values[key]; }'),
    foreign('function f<K>(key: K & string) { return values[key]; }'),
    foreign('for (const key of Object.keys(values)) values[key];'),
    foreign('for (const key in values) values[key];'),
    foreign('values[name][name];', 2),
  ],
});
