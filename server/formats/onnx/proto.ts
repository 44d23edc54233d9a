import protobuf from 'protobufjs/light.js';

/**
 * The part of the ONNX schema (onnx.proto, Apache-2.0) that an inference graph needs, with the original field numbers.
 * Everything else is optional there and absent here.
 */
const schema = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
      },
    },
    OperatorSetIdProto: {
      fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } },
    },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    TensorProto: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        externalData: { rule: 'repeated', type: 'StringStringEntryProto', id: 13 },
        dataLocation: { type: 'DataLocation', id: 14 },
      },
    },
    StringStringEntryProto: {
      fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } },
    },
    /** `TensorProto.DataLocation` */
    DataLocation: { values: { DEFAULT: 0, EXTERNAL: 1 } },
    ValueInfoProto: {
      fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } },
    },
    TypeProto: {
      fields: { tensorType: { type: 'TensorTypeProto', id: 1 } },
    },
    /** `TypeProto.Tensor` */
    TensorTypeProto: {
      fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
    },
    TensorShapeProto: {
      fields: { dim: { rule: 'repeated', type: 'DimensionProto', id: 1 } },
    },
    /** `TensorShapeProto.Dimension` */
    DimensionProto: {
      fields: { dimValue: { type: 'int64', id: 1 } },
    },
  },
};

/** `TensorProto.DataType` */
export const elementType = { float: 1, int64: 7 } as const;
/** `TensorProto.DataLocation` */
const dataLocation = { external: 1 } as const;

/** `AttributeProto.AttributeType`, with the field that holds the value. */
export type Attribute = { readonly name: string } & (
  | { readonly type: 1; readonly f: number }
  | { readonly type: 2; readonly i: number }
  | { readonly type: 3; readonly s: Uint8Array }
  | { readonly type: 7; readonly ints: readonly number[] }
);

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly Attribute[];
}

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian, row-major. */
  readonly data:
    | { readonly raw: Uint8Array }
    /** Bytes of that number that are given beside the model, under this name. */
    | { readonly location: string; readonly length: number };
}

export interface ValueInfo {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Graph {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** Opset 17 is the first with everything the emitters use; IR version 8 is the one that came with it. */
export const opset = 17;
const irVersion = 8;

const modelType = protobuf.Root.fromJSON(schema).lookupType('ModelProto');

/** Serialises a graph of float tensors as an ONNX model. */
export function encodeModel(
  graph: Graph,
  bytes: (length: number) => Uint8Array = (length) => new Uint8Array(length),
): Uint8Array {
  /** `finish` asks the writer's class for the memory of all that was written. */
  class ModelWriter extends protobuf.BufferWriter {
    static override alloc = bytes;
  }
  const model = {
    irVersion,
    producerName: 'archlens',
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'program',
      node: graph.nodes,
      initializer: graph.initializers.map(tensor),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  };
  return modelType.encode(model, new ModelWriter()).finish();
}

function tensor({ name, dims, dataType, data }: TensorProto): object {
  const own = { name, dims, dataType };
  if ('raw' in data) return { ...own, rawData: data.raw };
  const externalData = [
    { key: 'location', value: data.location },
    { key: 'length', value: String(data.length) },
  ];
  return { ...own, externalData, dataLocation: dataLocation.external };
}

function valueInfo({ name, shape }: ValueInfo): object {
  return {
    name,
    type: {
      tensorType: {
        elemType: elementType.float,
        shape: { dim: shape.map((extent) => ({ dimValue: extent })) },
      },
    },
  };
}
