import { opRegistry } from '../../network/ops/index.ts';
import { argumentNamed } from '../../network/foreign-arguments.ts';
import { signature } from '../../network/arguments.ts';
import { own } from '../../base/own.ts';
import { type ForeignOp, foreignOp, withWidth } from './foreign-ops.ts';
import { isNoKernel } from './no-kernel.ts';
import { type PythonArgument, type PythonCall, pythonCalls } from './python-call.ts';

/** How a call of another framework is written here. */
export interface Translation {
  /** Ours, for a message: a name, or several of a flow. */
  readonly op: string;
  /** A flow that does the same; absent where it cannot be known. */
  readonly flow?: string;
  /** What to write, where there is no flow: how the op is called. */
  readonly usage: string;
}

/** Modules whose functions take the tensor as their first argument. */
const functional = /^(?:F|torch|tf|K|keras\.activations|nn\.functional|torch\.nn\.functional|tf\.nn)$/;

/** Modules that layers are in. */
const modules = /^(?:nn|torch|tf|keras|layers|models|self|model|timm|torchvision)\b/;

/** Whether the first argument of a call is the tensor that it is of. */
export function isFunction({ qualifier, name }: PythonCall): boolean {
  return functional.test(qualifier) && name === name.toLowerCase();
}

/** The tensor that a method is of: `x` of `x.view(-1, 512)`. */
export function methodOf(qualifier: string): string | undefined {
  return qualifier === '' || qualifier.includes('.') || modules.test(qualifier) || functional.test(qualifier)
    ? undefined
    : qualifier;
}

/** How a call is written here; nothing where the op is unknown. */
export function translate(call: PythonCall): Translation | undefined {
  if (/^(?:Sequential|ModuleList)$/.test(call.name)) return sequence(call);
  if (call.name === 'Activation') return activation(call);
  if (call.name === 'add' && /^(?:model|net|seq\w*)$/.test(call.qualifier)) return added(call);
  const over = meanOverPlaces(call);
  if (over !== undefined) return { op: over, flow: over, usage: over };
  const foreign = foreignOp(call.name);
  if (foreign === undefined) return undefined;
  const args = withoutTensor(call, foreign);
  const [meant, own] = flowFor(foreign, args);
  const before = foreign.order[0] === 'tensors' ? [] : flowBefore(call);
  const flow = own === undefined || before === undefined ? undefined : [...before, own].join(' -> ');
  const first = opRegistry.get(foreign.op.split(' ')[0]!)!;
  const usage =
    foreign.order[0] === 'tensors'
      ? `${foreign.op}(x)`
      : foreign.order[0] === 'positions'
        ? `${foreign.op}\` to leave one position, or \`${foreign.op === 'gap' ? 'avgpool' : 'maxpool'}(kernel)`
        : signature(first);
  return { op: meant.op, usage, ...(flow === undefined ? {} : { flow }) };
}

/** The call that an argument is, where it is nothing else: the inner one of `F.relu(self.conv(x))`. */
export function innerCall(written: string): PythonCall | undefined {
  const [call] = pythonCalls(written, 0, written.length);
  return call?.span.end === written.length && call.args !== undefined ? call : undefined;
}

/** What a call is fed with, where that is a call itself, as a flow of at most one member; nothing where it cannot be known. */
function flowBefore(call: PythonCall): readonly string[] | undefined {
  const fed = call.applied?.[0]?.text ?? (isFunction(call) ? call.args?.[0]?.text : undefined);
  if (fed === undefined || !/[()]/.test(fed)) return [];
  const inner = innerCall(fed);
  const flow = inner === undefined ? undefined : translate(inner)?.flow;
  return flow === undefined ? undefined : [flow];
}

/** `x.mean([2, 3])`, `tf.reduce_mean(x, axis=(1, 2))`: over height and width, wherever the channels stand. */
function meanOverPlaces({ qualifier, name, args = [] }: PythonCall): string | undefined {
  const op = /^(?:reduce_)?mean$/.test(name) ? 'gap' : /^(?:amax|reduce_max)$/.test(name) ? 'gmp' : undefined;
  const isOfTensor = methodOf(qualifier) !== undefined || qualifier === '';
  const dims = (isOfTensor ? args : args.slice(1)).filter(
    ({ name: each }) => !/^keep_?dims?$/.test(each ?? ''),
  );
  return dims.length === 1 && /^[([]\s*(?:2\s*,\s*3|1\s*,\s*2|-2\s*,\s*-1)\s*[)\]]$/.test(dims[0]!.text)
    ? op
    : undefined;
}

/** Which of what has the name is meant, with the flow it is here; the first without one where no flow does the same. */
function flowFor(
  foreign: ForeignOp,
  args: readonly PythonArgument[] | undefined,
): readonly [meant: ForeignOp, flow?: string] {
  const choices = foreign.or === undefined ? [foreign] : [foreign, foreign.or];
  for (const each of foreign.orWithWidth === true && beginsWithWidth(args) ? choices.toReversed() : choices) {
    const flow = flowOf(each, args);
    if (flow !== undefined) return [each, flow];
  }
  return [foreign];
}

/** Whether the first two numbers are widths, as in `conv(3, 64, 3)`: such a kernel nobody has. */
function beginsWithWidth(args: readonly PythonArgument[] = []): boolean {
  const [, second, third] = args.filter(({ name }) => name === undefined).map(({ text }) => Number(text));
  return second !== undefined && third !== undefined && isNoKernel(second, third);
}

/** A call of an op of ours that is given the width of what flows in as well, without it. */
export function withoutWidth(call: PythonCall): string | undefined {
  const { name, args } = call;
  const foreign = own(withWidth, name);
  if (foreign === undefined || args === undefined) return undefined;
  return foreign.orWithWidth !== true || beginsWithWidth(args) || isGivenTwice(call)
    ? flowOf(foreign, args)
    : undefined;
}

/** Whether an argument with a name has its place taken by one without: `conv(3, 32, kernel_size = 3)`. */
export function isGivenTwice({ name: op, args = [] }: PythonCall): boolean {
  const specs = opRegistry.get(op)?.args ?? [];
  const taken = specs.slice(0, args.filter(({ name }) => name === undefined).length).map(({ name }) => name);
  return args.some(({ name }) => {
    if (name === undefined) return false;
    const isOurs = (each: string): boolean => specs.some((spec) => spec.name === each);
    return taken.includes(isOurs(name) ? name : (argumentNamed(name, isOurs) ?? ''));
  });
}

/** A call of an op of ours, at least two of whose arguments have names of another framework, with our names. */
export function withOurArguments({ name, args = [] }: PythonCall): string | undefined {
  const specs = opRegistry.get(name)?.args;
  if (specs === undefined) return undefined;
  const isOurs = (each: string): boolean => specs.some((spec) => spec.name === each);
  const foreign = args.filter((argument) => argument.name !== undefined && !isOurs(argument.name));
  const isKnown = foreign.every((argument) => argumentNamed(argument.name!, isOurs) !== undefined);
  return foreign.length > 1 && isKnown
    ? flowOf({ op: name, order: specs.map((spec) => spec.name) }, args)
    : undefined;
}

function sequence({ args = [] }: PythonCall): Translation | undefined {
  const list = /^\[([^]*)\]$/.exec(args[0]?.text ?? '')?.[1];
  const flow = sequenceOf(list ?? args.map(({ text }) => text).join(', '));
  return flow === undefined
    ? { op: 'a flow', usage: 'conv(16, 3x3) -> bn -> relu' }
    : { op: 'a flow', flow, usage: flow };
}

/** `model.add(Dense(10))`: what is added follows what is there. */
function added({ args = [] }: PythonCall): Translation | undefined {
  const flow = args.length === 1 ? sequenceOf(args[0]!.text) : undefined;
  return flow === undefined ? undefined : { op: 'a flow', flow, usage: flow };
}

/** Calls with commas between them, one after another; nothing where there is anything else. */
function sequenceOf(text: string): string | undefined {
  const calls = pythonCalls(text, 0, text.length);
  const between = calls.map(({ span }, index) => text.slice(calls[index - 1]?.span.end ?? 0, span.start));
  const rest = [...between, text.slice(calls.at(-1)?.span.end ?? 0)].join('');
  const flows = calls.map((call) => (call.args === undefined ? undefined : translate(call)?.flow));
  return flows.length > 0 && /^[\s,]*$/.test(rest) && flows.every((flow) => flow !== undefined)
    ? flows.join(' -> ')
    : undefined;
}

function activation({ args = [] }: PythonCall): Translation | undefined {
  const op = args[0] === undefined ? undefined : activationNamed(args[0].text);
  return op === undefined ? undefined : { op, flow: op, usage: op };
}

/** The activation that `'relu'` or `nn.ReLU()` names. */
function activationNamed(text: string): string | undefined {
  const name = /^['"]?(?:[\w.]*\.)?(\w+)(?:\(\))?['"]?$/.exec(text)?.[1];
  const op = name === undefined ? undefined : foreignOp(name)?.op;
  return op !== undefined && opRegistry.get(op)?.category === 'activation' ? op : undefined;
}

/** The arguments without the tensor that a function is given first: it is the current one here. */
function withoutTensor(call: PythonCall, foreign: ForeignOp): readonly PythonArgument[] | undefined {
  const { qualifier, args, applied } = call;
  if (foreign.order[0] === 'tensors') return applied ?? args;
  if (args === undefined || applied !== undefined) return args;
  // What `x.view(-1, 512)` or `torch.flatten(x, 1)` say of the shape is known here.
  if (foreign.op === 'flatten') return [];
  return isFunction(call) ? args.slice(1) : methodOf(qualifier) === undefined ? args : [];
}

function flowOf(foreign: ForeignOp, args: readonly PythonArgument[] | undefined): string | undefined {
  if (args === undefined)
    return opRegistry.get(foreign.op)?.args.every(isOptional) === true ? foreign.op : undefined;
  if (foreign.order[0] === 'tensors') return mergeOf(foreign.op, args);
  const given = ourArguments(foreign, args);
  if (given === undefined) return undefined;
  const suffix = given.get('activation');
  given.delete('activation');
  const positions = given.get('positions');
  given.delete('positions');
  if (positions !== undefined && !/^1(?:x1)?$/.test(positions)) return undefined;
  const next = suffix === undefined ? undefined : activationNamed(suffix);
  if (suffix !== undefined && next === undefined && suffix !== 'none') return undefined;
  const flow = foreign.op.includes(' ') ? separable(given) : callText(foreign.op, given);
  return flow === undefined ? undefined : next === undefined ? flow : `${flow} -> ${next}`;
}

const isOptional = (spec: { readonly default?: unknown; readonly defaultFrom?: unknown }): boolean =>
  spec.default !== undefined || spec.defaultFrom !== undefined;

/** Values by our names, in the order given; nothing where one is not understood. */
function ourArguments(foreign: ForeignOp, args: readonly PythonArgument[]): Map<string, string> | undefined {
  const specs = foreign.op.split(' -> ').flatMap((op) => opRegistry.get(op)?.args ?? []);
  const known = (name: string): boolean => specs.some((spec) => spec.name === name);
  const unnamed = args.filter(({ name }) => name === undefined);
  const given = new Map<string, string>();
  let isSame = false;
  for (const argument of args) {
    const ours =
      argument.name === undefined
        ? unnamed.length === 1 && foreign.alone !== undefined
          ? foreign.alone
          : foreign.order[unnamed.indexOf(argument)]
        : known(argument.name) || argument.name === 'activation'
          ? argument.name
          : argumentNamed(argument.name, known);
    if (ours === undefined) return undefined;
    if (ours === '') continue;
    const value = ours === 'activation' ? argument.text : valueOf(argument.text, ours);
    if (value === undefined) return undefined;
    if (given.has(ours)) return undefined;
    given.set(ours, value === 'None' ? 'none' : value);
    if (ours === 'padding' && /^['"]same['"]$/i.test(argument.text)) isSame = true;
  }
  for (const [name, value] of Object.entries(foreign.otherwise ?? {}))
    if (!given.has(name)) given.set(name, value);
  // Beyond a stride of 1 that of TensorFlow and Keras is another than ours. A pooling strides by its kernel.
  const steps = given.get('stride') ?? (foreign.op.endsWith('pool') ? 'kernel' : '1');
  if (isSame && steps !== '1') given.set('padding', 'same_tf');
  // Where there is no padding, whether it counts makes no difference.
  if (/^(?:0|valid)$/.test(given.get('padding') ?? '0')) given.delete('count_include_pad');
  return given;
}

/** A value as it is written here: `(3, 3)` is `3x3`, and so is 3 as a kernel. */
function valueOf(text: string, name: string): string | undefined {
  const pair = /^[([]\s*(\d+)\s*,\s*(\d+)\s*[)\]]$/.exec(text);
  if (pair !== null)
    return pair[1] === pair[2] && name !== 'kernel' && name !== 'positions'
      ? pair[1]!
      : `${pair[1]}x${pair[2]}`;
  if (name === 'kernel' && /^\d+$/.test(text)) return `${text}x${text}`;
  if (/^(?:True|False)$/.test(text)) return text.toLowerCase();
  const word = /^['"](\w+)['"]$/.exec(text)?.[1];
  if (word !== undefined) return word.toLowerCase();
  return /^[\w.]+(?:\s*[-+*]\s*[\w.]+)*$/.test(text) && !/[a-z]\w*\.\w/i.test(text) ? text : undefined;
}

/** `conv(64, 3x3, padding = valid)`: what comes first without a name, and nothing that is so anyway. */
function callText(op: string, given: ReadonlyMap<string, string>): string | undefined {
  const parts: string[] = [];
  let named = false;
  for (const spec of opRegistry.get(op)!.args) {
    const value = given.get(spec.name);
    const isDefault = spec.default !== undefined && value === String(spec.default);
    if (value === undefined || isDefault) {
      if (!isOptional(spec)) return undefined;
      named = true;
    } else parts.push(named || isOptional(spec) ? `${spec.name} = ${value}` : value);
  }
  return parts.length === 0 ? op : `${op}(${parts.join(', ')})`;
}

/** A depthwise convolution without a bias, and one of a single position that mixes the channels. */
function separable(given: ReadonlyMap<string, string>): string | undefined {
  const first = new Map([...given].filter(([name]) => name !== 'out' && name !== 'bias'));
  const second = new Map([...given].filter(([name]) => name === 'out' || name === 'bias'));
  const depthwise = callText('dwconv', first);
  const pointwise = callText('conv', second.set('kernel', '1x1'));
  return depthwise === undefined || pointwise === undefined ? undefined : `${depthwise} -> ${pointwise}`;
}

/** `x -> concat(y)` of `cat([x, y], dim=1)`, `concat(x)` of `cat(x)`. */
function mergeOf(op: string, args: readonly PythonArgument[]): string | undefined {
  const list = /^[([]([^()[\]]*)[)\]]$/.exec(args[0]?.text ?? '')?.[1];
  const names =
    list === undefined
      ? args.filter(({ name }) => name === undefined).map(({ text }) => text)
      : list.split(',').map((name) => name.trim());
  const tensors = names.filter((name) => name !== '');
  if (tensors.length === 0 || !tensors.every((name) => /^[A-Za-z_]\w*$/.test(name))) return undefined;
  return tensors.length === 1
    ? `${op}(${tensors[0]})`
    : `${tensors[0]} -> ${op}(${tensors.slice(1).join(', ')})`;
}
