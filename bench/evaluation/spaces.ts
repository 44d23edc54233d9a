// Members of the spaces that scores are measured on, as texts of the language, and what is published of their accuracy.
import { dataSets, type DataSet } from '../../server/evaluation/benchmark.ts';
import type { Network } from '../../server/network/network.ts';
import { networkOf } from '../networks.ts';

export type SpaceName = 'nas-bench-201' | 'nats-size' | 'nasbench-macro';

/** A set of networks that were trained alike, and how they are told apart. */
export interface Space {
  readonly name: SpaceName;
  /** Its table in the folder of the data. */
  readonly file: string;
  /** By data set, the column of accuracies. */
  readonly targets: Readonly<Partial<Record<DataSet, string>>>;
  /** The lines of a model between `classes` and its end, and what stands before the model. @throws RangeError */
  readonly body: (genotype: string) => { readonly before: string; readonly lines: readonly string[] };
}

/** The cell of NATS-Bench's size space: one a stage. Edges by where they end and begin. */
const natsEdges = [
  [1, 0, 3],
  [2, 0, 3],
  [2, 1, 3],
  [3, 0, 'skip'],
  [3, 1, 1],
  [3, 2, 3],
] as const;

/** A residual block of two convolutions that halves the resolution, as NAS-Bench-201 and NATS-Bench have it. */
function reduction(width: number): string {
  return `residual {
    relu -> conv(${width}, 3x3, stride = 2) -> bn -> relu -> conv(${width}, 3x3) -> bn
  } shortcut {
    avgpool(2x2) -> conv(${width}, 1x1)
  }`;
}

/** A cell of NATS-Bench: where its width changes, a skip from its input becomes a 1x1 convolution with a norm. */
function natsCell(name: string, from: number, width: number): string {
  const edges = natsEdges.map(([to, source, op]) => {
    const flow =
      op === 'skip'
        ? from === width
          ? 'identity'
          : `conv(${width}, 1x1) -> bn`
        : `relu -> conv(${width}, ${op}x${op}) -> bn`;
    return `  ${source} -> ${to}: ${flow}`;
  });
  return `cell ${name} {\n${edges.join('\n')}\n}`;
}

/** An inverted residual of NASBench-Macro. */
function inverted(from: number, width: number, kernel: number, expand: number, stride: number): string {
  const body = `conv(${from * expand}, 1x1) -> bn -> relu -> dwconv(${kernel}x${kernel}, stride = ${stride}) -> bn -> relu -> conv(${width}, 1x1) -> bn`;
  return stride === 1 && from === width ? `residual { ${body} }` : body;
}

function macroLayer(choice: string, from: number, width: number, stride: number): string {
  switch (choice) {
    case '0':
      return stride === 1 ? '' : `conv(${width}, 1x1, stride = ${stride}) -> bn`;
    case '1':
      return inverted(from, width, 3, 3, stride);
    case '2':
      return inverted(from, width, 5, 6, stride);
    default:
      throw new RangeError(`${choice} is no layer of NASBench-Macro: 0, 1 or 2`);
  }
}

export const spaces: readonly Space[] = [
  {
    // Dong and Yang, ICLR 2020: five cells a stage, all alike.
    name: 'nas-bench-201',
    file: 'nb201.csv',
    targets: {
      cifar10: 'cifar10_test_acc',
      cifar100: 'cifar100_test_acc',
      'imagenet16-120': 'imagenet16_test_acc',
    },
    body: (genotype) => ({
      before: `cell Cell = "${genotype}"`,
      lines: [
        'conv(16, 3x3) -> bn',
        'repeat 5 { Cell }',
        reduction(32),
        'repeat 5 { Cell }',
        reduction(64),
        'repeat 5 { Cell }',
        'bn -> relu -> gap -> dense(classes)',
      ],
    }),
  },
  {
    // Dong et al., TPAMI 2021: the channels of five stages.
    name: 'nats-size',
    file: 'nats_size_half.csv',
    targets: { cifar10: 'cifar10_acc', cifar100: 'cifar100_acc', 'imagenet16-120': 'imagenet16_acc' },
    body: (genotype) => {
      const widths = genotype.split(':').map(Number);
      if (widths.length !== 5) throw new RangeError(`${genotype} has not the widths of five stages`);
      const [c0, c1, c2, c3, c4] = widths as [number, number, number, number, number];
      return {
        before: [natsCell('A', c0, c0), natsCell('B', c1, c2), natsCell('C', c3, c4)].join('\n'),
        lines: [
          `conv(${c0}, 3x3) -> bn`,
          'A',
          reduction(c1),
          'B',
          reduction(c3),
          'C',
          'bn -> relu -> gap -> dense(classes)',
        ],
      };
    },
  },
  {
    // Su et al., CVPR 2021: eight layers, each an identity or one of two inverted residuals.
    name: 'nasbench-macro',
    file: 'nasbench_macro_half.csv',
    targets: { cifar10: 'cifar10_acc' },
    body: (genotype) => {
      const lines: string[] = ['conv(32, 3x3) -> bn -> relu'];
      let from = 32;
      for (const [index, choice] of Array.from(genotype).entries()) {
        const stage = index < 2 ? 0 : index < 5 ? 1 : 2;
        const width = [64, 128, 256][stage]!;
        lines.push(macroLayer(choice, from, width, [0, 2, 5].includes(index) ? 2 : 1));
        from = width;
      }
      return {
        before: '',
        lines: [
          ...lines.filter((line) => line !== ''),
          'conv(1280, 1x1) -> bn -> relu -> gap -> dense(classes)',
        ],
      };
    },
  },
];

/** A member of a space as a text of the language. @throws RangeError for a genotype that is none */
export function memberText(space: Space, genotype: string, dataSet: DataSet): string {
  const { before, lines } = space.body(genotype);
  const { input, classes } = dataSets[dataSet];
  const [channels, height, width] = input;
  return `${before}

model Member {
  input ${width}x${height}x${channels}
  classes ${classes}
  ${lines.join('\n  ')}
}
`;
}

export function memberNetwork(space: Space, genotype: string, dataSet: DataSet): Network {
  return networkOf(memberText(space, genotype, dataSet));
}
