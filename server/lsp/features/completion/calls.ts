import { own } from '../../../base/own.ts';
import type { ParametricDecl } from '../../../language/names/templates.ts';
import { formatValue } from '../../../network/arguments.ts';
import { needsTensors, type ArgSpec, type OpDefinition } from '../../../network/op.ts';
import { usedAs } from '../../../language/cursor/parameter-use.ts';

/** Values people start from, by the name of the argument; others start from their default or least value. */
const usual: Readonly<Record<string, string>> = {
  out: '16',
  kernel: '3x3',
  heads: '4',
};

/** A call with a stop for every required argument: `conv(${1:16}, ${2:3x3})`; just the name where none is required. */
export function opSnippet(op: OpDefinition, width: number | undefined): string {
  if (needsTensors(op)) return `${op.name}(\${1:x})`;
  const required = op.args.filter((arg) => arg.default === undefined && arg.defaultFrom === undefined);
  if (required.length === 0) return op.name;
  const stops = required.map((arg, index) => valueStop(index + 1, op, arg, width));
  return `${op.name}(${stops.join(', ')})`;
}

/** The same of a block. */
export function blockSnippet(decl: ParametricDecl, width: number | undefined): string {
  const required = decl.params.filter(({ defaultValue }) => defaultValue === undefined);
  if (required.length === 0) return decl.name.name;
  const stops = required.map(({ name }, index) => {
    const use = usedAs(decl, name.name);
    return use === undefined
      ? stop(index + 1, own(usual, name.name) ?? name.name)
      : valueStop(index + 1, use.op, use.arg, width);
  });
  return `${decl.name.name}(${stops.join(', ')})`;
}

/** A stop that offers the usual sizes of a kernel; the first is what stands there. */
function valueStop(index: number, op: OpDefinition, arg: ArgSpec, width: number | undefined): string {
  const sizes = arg.type.kind === 'extent' ? usualSizes(op, arg) : [];
  return sizes.length > 1 ? `\${${index}|${sizes.join(',')}|}` : stop(index, startingValue(op, arg, width));
}

/** Sizes that networks are made of. */
export function usualSizes(op: OpDefinition, { name, type }: ArgSpec): readonly string[] {
  const sizes =
    op.category === 'pool' && name !== 'padding' ? ['2x2', '3x3'] : (own(extents, name) ?? ['1', '2']);
  const [min, max] = type.kind === 'extent' ? [type.min, type.max] : [0, Infinity];
  return sizes.filter((size) => min <= Number.parseInt(size, 10) && Number.parseInt(size, 10) <= max);
}

const extents: Readonly<Record<string, readonly string[]>> = {
  kernel: ['3x3', '1x1', '5x5', '7x7'],
  stride: ['1', '2'],
  dilation: ['1', '2', '4'],
  factor: ['2', '4'],
};

export function stop(index: number, text: string): string {
  return `\${${index}:${text.replaceAll(/[$}\\]/g, '\\$&')}}`;
}

function startingValue(op: OpDefinition, arg: ArgSpec, width: number | undefined): string {
  if (op.name === 'dense' && arg.name === 'out') return 'classes';
  if (arg.name === 'out' && width !== undefined && width > 3) return String(width);
  const known = own(usual, arg.name);
  if (known !== undefined) return known;
  if (arg.default !== undefined) return formatValue(arg.default);
  return 'min' in arg.type ? String(arg.type.min) : '1';
}
