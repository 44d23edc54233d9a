import { elementType } from './proto.ts';
import type { Attribute, Graph, NodeProto, TensorProto, ValueInfo } from './proto.ts';

/** `number[]` becomes INTS, a string STRING, and a number INT unless it is wrapped in `float()`. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };

export function float(value: number): AttributeValue {
  return { float: value };
}

/** Collects nodes and initialisers of an ONNX graph. Tensors are referred to by name. */
export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #shared = new Map<string, string>();
  #next = 0;

  /** Adds a node with one output and returns the name of that output. */
  node(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const output = this.#name(opType);
    this.#add(opType, input, output, attributes);
    return output;
  }

  /** A float initialiser, row-major. */
  constant(data: Float32Array, dims: readonly number[]): string {
    return this.#initializer(elementType.float, bytesOf(data), dims);
  }

  /** The same, without its data, which is given beside the model, under the name that is returned. */
  reference(data: Float32Array, dims: readonly number[]): string {
    const name = this.#name('constant');
    const { byteLength: length } = data;
    this.#initializers.push({
      name,
      dims,
      dataType: elementType.float,
      data: { location: name, length },
    });
    return name;
  }

  /** A float scalar of rank `rank`; equal ones are shared. */
  scalar(value: number, rank: number): string {
    return this.#share(`f${rank}:${Object.is(value, -0) ? '-0' : value}`, () =>
      this.constant(
        Float32Array.of(value),
        Array.from({ length: rank }, () => 1),
      ),
    );
  }

  /** A vector of 64-bit integers, as shapes and axes are given; equal ones are shared. */
  integers(values: readonly number[]): string {
    return this.#share(`i${values.join()}`, () =>
      this.#initializer(elementType.int64, bytesOf(BigInt64Array.from(values, BigInt)), [values.length]),
    );
  }

  input(name: string, shape: readonly number[]): string {
    this.#inputs.push({ name, shape });
    return name;
  }

  /** Makes `value` a result of the graph. */
  output(name: string, value: string, shape: readonly number[]): void {
    this.#add('Identity', [value], name, {});
    this.#outputs.push({ name, shape });
  }

  finish(): Graph {
    return {
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  #add(
    opType: string,
    input: readonly string[],
    output: string,
    attributes: Readonly<Record<string, AttributeValue>>,
  ): void {
    this.#nodes.push({
      name: output,
      opType,
      input,
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
  }

  #initializer(dataType: number, raw: Uint8Array, dims: readonly number[]): string {
    const name = this.#name('constant');
    this.#initializers.push({ name, dims, dataType, data: { raw } });
    return name;
  }

  #share(key: string, create: () => string): string {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = create();
    this.#shared.set(key, name);
    return name;
  }

  /** Program inputs and outputs get names with a prefix of their own (`emit.ts`), so these cannot clash with them. */
  #name(stem: string): string {
    this.#next += 1;
    return `${stem}.${this.#next}`;
  }
}

function attribute(name: string, value: AttributeValue): Attribute {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}

function bytesOf(array: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
