import type { BlockDecl, Expr } from '../../../grammar/syntax.ts';
import { expressionText } from '../../language/print.ts';
import { formatValue } from '../../network/arguments.ts';
import type { ArgSpec, OpDefinition } from '../../network/op.ts';
import { usedAs } from '../parameter-use.ts';

/** Values people start from, by the name of the argument; others start from their default or least value. */
const usual: Readonly<Record<string, string>> = {
  out: '16',
  kernel: '3x3',
  heads: '4',
};

/** A call with a stop for every required argument: `conv(${1:16}, ${2:3x3})`; just the name where none is required. */
export function opSnippet(op: OpDefinition, width: number | undefined): string {
  if (op.extraInputs !== undefined) return `${op.name}(\${1:x})`;
  const required = op.args.filter((arg) => arg.default === undefined && arg.defaultFrom === undefined);
  if (required.length === 0) return op.name;
  const stops = required.map((arg, index) => stop(index + 1, startingValue(op, arg, width)));
  return `${op.name}(${stops.join(', ')})`;
}

/** The same of a block. */
export function blockSnippet(decl: BlockDecl, width: number | undefined): string {
  const required = decl.params.filter(({ defaultValue }) => defaultValue === undefined);
  if (required.length === 0) return decl.name.name;
  const stops = required.map(({ name }, index) => {
    const use = usedAs(decl, name.name);
    return stop(
      index + 1,
      use === undefined ? (usual[name.name] ?? name.name) : startingValue(use.op, use.arg, width),
    );
  });
  return `${decl.name.name}(${stops.join(', ')})`;
}

export function stop(index: number, text: string): string {
  return `\${${index}:${text.replaceAll(/[$}\\]/g, '\\$&')}}`;
}

function startingValue(op: OpDefinition, arg: ArgSpec, width: number | undefined): string {
  if (op.name === 'dense' && arg.name === 'out') return 'classes';
  if (op.category === 'pool' && arg.name === 'kernel') return '2x2';
  if (arg.name === 'out' && width !== undefined && width > 3) return String(width);
  if (usual[arg.name] !== undefined) return usual[arg.name]!;
  if (arg.default !== undefined) return formatValue(arg.default);
  return 'min' in arg.type && arg.type.min !== undefined ? String(arg.type.min) : '1';
}

/** Default of an argument as one would write it. */
export function fallbackText(fallback: Expr): string {
  return expressionText(fallback, 40);
}
