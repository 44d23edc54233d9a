import { bindArguments } from '../../../server/network/arguments.ts';
import { NetworkAssembler } from '../../../server/network/assemble.ts';
import type { Network, NetworkNode, Origin } from '../../../server/network/network.ts';
import type { ArgValue, OpDefinition } from '../../../server/network/op.ts';
import { opRegistry } from '../../../server/network/ops/index.ts';
import { shapeFromDims } from '../../../server/network/shape.ts';

export const ORIGIN: Origin = { uri: 'test:', span: { start: 0, end: 0 }, calls: [] };

export type NamedArgs = Readonly<Record<string, ArgValue>>;

export function opNamed(name: string): OpDefinition {
  const op = opRegistry.get(name);
  if (op === undefined) throw new Error(`no op ${name}`);
  return op;
}

/** Complete arguments of an op; throws when there is a problem with them. */
export function argsOf(op: OpDefinition, named: NamedArgs = {}): NamedArgs {
  const { args, problems } = bindArguments(
    op,
    Object.entries(named).map(([name, value]) => ({ name, value })),
  );
  if (args === undefined) throw new Error(problems.map((problem) => problem.message).join('; '));
  return args;
}

/** Networks by hand: `net.apply('conv', { out: 16, kernel: 3 })` continues from the last node, or from those given. */
export class HandBuilt {
  readonly #assembler: NetworkAssembler;
  #last: NetworkNode;

  /** @param dims as the language writes shapes: height, width, channels */
  constructor(...dims: readonly number[]) {
    this.#assembler = new NetworkAssembler(shapeFromDims(dims), ORIGIN);
    this.#last = this.#assembler.input;
  }

  get last(): NetworkNode {
    return this.#last;
  }

  apply(name: string, args: NamedArgs = {}, ...inputs: readonly NetworkNode[]): NetworkNode {
    const op = opNamed(name);
    const operands = inputs.length === 0 ? [this.#last] : inputs;
    const placement = { path: `${name}.${this.#assembler.nodes.length}`, origin: ORIGIN };
    this.#last = this.#assembler.apply(op, argsOf(op, args), operands, placement);
    return this.#last;
  }

  finish(name: string, classes: number): Network {
    return this.#assembler.finish(name, classes, this.#last);
  }
}
