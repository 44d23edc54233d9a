import { describe, expect, it } from 'vitest';
import { emitModel } from '../../server/engine/onnx/emit.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../../server/tensor/builder.ts';
import { evaluateConstants } from '../../server/tensor/interpret.ts';

const width = 64;
const feedFrom = width * width;
const matrixBytes = 4 * width * width;

function emitted(build: (b: ProgramBuilder, x: Value, weight: Value) => Value): ReturnType<typeof emitModel> {
  const b = createBuilder(2);
  const weight = b.constant({ kind: 'normal', name: 'w', std: 1 }, [width, width]);
  const program = b.finish({ y: build(b, b.input('x', [2, width]), weight) });
  return emitModel(program, evaluateConstants(program, 0), { feedFrom });
}

describe('a large matrix', () => {
  it('that is only multiplied by is an input of the model', () => {
    const { bytes, fed } = emitted((b, x, weight) => b.matmul(b.matmul(x, weight), weight));
    expect([...fed.values()].map(({ shape }) => shape)).toEqual([[width, width]]);
    expect(bytes.length).toBeLessThan(matrixBytes);
  });

  it('that something else reads is an initialiser whose data stands beside the model', () => {
    const { bytes, fed, external } = emitted((b, x, weight) =>
      b.matmul(b.matmul(x, weight), b.mul(weight, b.reduce('sum', x, [0, 1]))),
    );
    expect(fed.size).toBe(0);
    expect([...external.values()].map(({ length }) => length)).toEqual([width * width]);
    expect(bytes.length).toBeLessThan(matrixBytes);
  });
});
