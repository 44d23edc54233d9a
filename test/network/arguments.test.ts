import { describe, expect, it } from 'vitest';
import {
  argumentProblems,
  bindArguments,
  describeType,
  formatValue,
  keywordsOf,
  signature,
  type GivenArgument,
} from '../../server/network/arguments.ts';
import { nearestName } from '../../server/base/nearest-name.ts';
import { opNamed } from './support/build.ts';

const named = (name: string, value: unknown): GivenArgument => ({ name, value });
const given = (value: unknown): GivenArgument => ({ value });

describe('bindArguments', () => {
  it('fills in defaults, normalises extents and keeps keywords', () => {
    const { args, problems } = bindArguments(opNamed('conv'), [given(16), given(3), named('stride', [2, 1])]);
    expect(problems).toEqual([]);
    expect(args).toEqual({
      out: 16,
      kernel: [3, 3],
      stride: [2, 1],
      padding: 'same',
      dilation: [1, 1],
      groups: 1,
      bias: false,
    });
  });

  it('takes padding as a keyword, a number or an extent', () => {
    const padding = (value: unknown) =>
      bindArguments(opNamed('conv'), [given(1), given(1), named('padding', value)]).args?.['padding'];
    expect(padding('valid')).toBe('valid');
    expect(padding(2)).toEqual([2, 2]);
    expect(padding([0, 3])).toEqual([0, 3]);
  });

  it('strides pools by their kernel', () => {
    expect(bindArguments(opNamed('maxpool'), [given([2, 3])]).args?.['stride']).toEqual([2, 3]);
    expect(bindArguments(opNamed('maxpool'), [given(3), given(1)]).args?.['stride']).toEqual([1, 1]);
    // A bad kernel is one problem, not two.
    expect(bindArguments(opNamed('maxpool'), [given('x')]).problems).toHaveLength(1);
  });

  it('counts positions among the unnamed arguments only', () => {
    const { args } = bindArguments(opNamed('conv'), [named('bias', true), given(8), given(1)]);
    expect(args).toMatchObject({ out: 8, kernel: [1, 1], bias: true });
  });

  it.each<[string, string, GivenArgument[], string, number | undefined, string, string]>([
    [
      'a missing argument',
      'conv',
      [given(16)],
      'missing-argument',
      undefined,
      '`conv` needs `kernel`',
      'Write `conv(out, kernel, stride = 1, padding = same, dilation = 1, groups = 1, bias = false)`; kernel is an extent such as `3x3` or `3`, each side from 1 to 255.',
    ],
    [
      'an unknown name',
      'dense',
      [given(10), named('biass', true)],
      'unknown-argument',
      1,
      '`dense` has no argument `biass`',
      'Did you mean `bias`?',
    ],
    [
      'a name like no other',
      'dense',
      [given(10), named('activation', true)],
      'unknown-argument',
      1,
      '`dense` has no argument `activation`',
      'Write `dense(out, bias = true)`.',
    ],
    [
      'arguments where none are taken',
      'relu',
      [named('slope', 1)],
      'unknown-argument',
      0,
      '`relu` has no argument `slope`',
      '`relu` takes none.',
    ],
    [
      'too many',
      'dense',
      [given(1), given(true), given(2)],
      'too-many-arguments',
      2,
      '`dense` takes at most 2 arguments',
      'Write `dense(out, bias = true)`.',
    ],
    [
      'one given twice',
      'dense',
      [given(1), named('out', 2)],
      'duplicate-argument',
      1,
      '`dense` gets `out` twice',
      'Remove one of the two.',
    ],
    [
      'a wrong type',
      'dense',
      [given('ten')],
      'argument-type',
      0,
      '`out` must be a whole number from 1 to 1048576, not `ten`',
      'Number of output features.',
    ],
    [
      'a fraction',
      'dense',
      [given(1.5)],
      'argument-type',
      0,
      '`out` must be a whole number from 1 to 1048576, not 1.5',
      'Number of output features.',
    ],
    [
      'a number out of range',
      'dropout',
      [given(2)],
      'argument-range',
      0,
      '`rate` must be a number from 0 to 1, not 2',
      'Probability of dropping a value in training.',
    ],
    [
      'an extent out of range',
      'maxpool',
      [given([2, 0])],
      'argument-range',
      0,
      '`kernel` must be an extent such as `3x3` or `3`, each side from 1 to 1024, not 2x0',
      'Height and width of the window, `2x2` or `2`.',
    ],
    [
      'an extent of three',
      'maxpool',
      [given([2, 2, 2])],
      'argument-type',
      0,
      '`kernel` must be an extent such as `3x3` or `3`, each side from 1 to 1024, not 2x2x2',
      'Height and width of the window, `2x2` or `2`.',
    ],
    [
      'a misspelt keyword',
      'maxpool',
      [given(2), named('padding', 'smae')],
      'argument-type',
      1,
      '`padding` must be `same`, `same_tf`, `valid` or an extent such as `1x1`, not `smae`',
      'Did you mean `same`?',
    ],
    [
      'negative padding',
      'maxpool',
      [given(2), named('padding', -1)],
      'argument-range',
      1,
      '`padding` must be `same`, `same_tf`, `valid` or an extent such as `1x1`, not -1',
      '`valid` (none), `same`, `same_tf`, or rows and columns added on each side, less than the kernel.',
    ],
    [
      'a value of another kind',
      'dense',
      [given({ kind: 'list' })],
      'argument-type',
      0,
      '`out` must be a whole number from 1 to 1048576, not this value',
      'Number of output features.',
    ],
  ])('reports %s', (_, op, args, code, index, message, remedy) => {
    const { problems } = bindArguments(opNamed(op), args);
    expect(problems).toHaveLength(1);
    const problem = problems[0]!;
    expect([problem.code, problem.index, problem.message, problem.remedy]).toEqual([
      code,
      index,
      message,
      remedy,
    ]);
  });

  it('is complete exactly when there are no problems, whatever is given', () => {
    for (const value of [
      NaN,
      Infinity,
      null,
      undefined,
      [],
      [1],
      ['a', 'b'],
      1e300,
      -0.5,
      '',
      Symbol.iterator,
    ]) {
      for (const name of ['conv', 'dropout', 'se', 'maxpool', 'dense']) {
        const op = opNamed(name);
        const all = op.args.map(() => given(value));
        const { args, problems } = bindArguments(op, all);
        expect(argumentProblems(op, all)).toEqual(problems);
        if (args === undefined) expect(problems.length).toBeGreaterThan(0);
        else expect(Object.keys(args)).toHaveLength(op.args.length);
      }
    }
  });
});

describe('words for arguments', () => {
  it('writes signatures, values and types as the language does', () => {
    expect(signature(opNamed('maxpool'))).toBe(
      'maxpool(kernel, stride = kernel, padding = valid, ceil_mode = false)',
    );
    expect(signature(opNamed('relu'))).toBe('relu()');
    expect([[3, 3], [1, 1], [2, 3], 'same', 0.01, true].map(formatValue)).toEqual([
      '3x3',
      '1',
      '2x3',
      'same',
      '0.01',
      'true',
    ]);
    const gate = opNamed('se').args[1]!.type;
    expect(keywordsOf(gate)).toEqual(['sigmoid', 'hardsigmoid', 'tanh', 'clip']);
    expect(describeType(gate)).toBe('`sigmoid` or `hardsigmoid` or `tanh` or `clip`');
    expect(describeType({ kind: 'number', min: 0 })).toBe('a number of at least 0');
    expect(describeType({ kind: 'integer', max: 9 })).toBe('a whole number of at most 9');
    expect(describeType({ kind: 'number' })).toBe('a number');
  });

  it('finds the name that was meant', () => {
    const names = ['conv', 'dwconv', 'dense', 'relu', 'gelu', 'silu', 'layernorm'];
    expect(nearestName('cnov', names)).toBe('conv');
    expect(nearestName('Layernrom', names)).toBe('layernorm');
    expect(nearestName('rleu', names)).toBe('relu');
    expect(nearestName('attention', names)).toBeUndefined();
    expect(nearestName('x', ['y'])).toBe(undefined);
  });
});
