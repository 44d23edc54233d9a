import { nasBench201 } from '../../server/network/nasbench201.ts';
import type { Network } from '../../server/network/network.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { noStore, startEngine, timeScore, type EngineOptions } from '../engine.ts';
import { genotypes, networkOf } from '../networks.ts';
import { randomNetworks } from '../random-networks.ts';
import { milliseconds, verdict, type Table } from '../report.ts';
import { exponent, median } from '../statistics.ts';

export interface GrowthOptions extends EngineOptions {
  readonly repetitions: number;
  /** Smaller sizes. */
  readonly small: boolean;
}

interface Series {
  readonly what: string;
  readonly sizes: readonly number[];
  /** What is scored, one after another, at a size. */
  readonly work: (size: number) => readonly (readonly [Network, ScoreSettings])[];
  /** Of a cost that should be proportional. */
  readonly isLinear: boolean;
}

const sketch: ScoreSettings = { ...namedSettings.settled, seeds: 1 };

/** How the time of a score grows: the exponent of a power law fitted to the medians. */
export async function benchGrowth(options: GrowthOptions): Promise<Table[]> {
  const engine = startEngine(options);
  try {
    const scorer = new Scorer(engine, noStore);
    const rows: string[][] = [];
    for (const { what, sizes, work, isLinear } of series(options.small)) {
      const jobs = sizes.map((size) => ({ size, scores: work(size), times: [] as number[] }));
      for (let round = -1; round < options.repetitions; round++) {
        for (const { scores, times } of jobs) {
          let total = 0;
          for (const [network, settings] of scores) total += await timeScore(scorer, network, settings);
          // The first round warms up.
          if (round >= 0) times.push(total);
        }
      }
      const medians = jobs.map(({ times }) => median(times));
      const fitted = exponent(sizes, medians);
      rows.push([
        what,
        sizes.join(', '),
        medians.map(milliseconds).join(', '),
        fitted.toFixed(2),
        isLinear ? verdict({ text: '0.9 to 1.1', met: fitted >= 0.9 && fitted <= 1.1 }) : '',
      ]);
    }
    return [
      {
        title: 'How the cost grows',
        columns: [
          { title: 'with', align: 'left' },
          { title: 'sizes', align: 'left' },
          { title: 'median time', align: 'left' },
          { title: 'exponent', align: 'right' },
          { title: 'target', align: 'left' },
        ],
        rows,
      },
    ];
  } finally {
    await engine.dispose();
  }
}

function series(small: boolean): Series[] {
  const sizes = (from: number) => [1, 2, 4, 8].map((factor) => (factor * from) / (small ? 4 : 1));
  const middling = nasBench201(genotypes.middling);
  const random = randomNetworks('NAS-Bench-201', 8 * 16);
  return [
    {
      what: 'samples (sketch:1, NAS-Bench-201, middling)',
      sizes: sizes(128),
      work: (samples) => [[middling, { ...sketch, samples }]],
      isLinear: true,
    },
    {
      what: 'models (live, random NAS-Bench-201)',
      sizes: sizes(16),
      // Samples spread over the list, so that all sizes meet the same mixture.
      work: (count) =>
        Array.from({ length: count }, (_, index) => [
          random[Math.floor((index * random.length) / count)]!,
          namedSettings.live,
        ]),
      isLinear: true,
    },
    {
      what: 'depth (sketch:1, convolutions of width 32)',
      sizes: sizes(16),
      work: (depth) => [[plain(depth, 32, 10), sketch]],
      isLinear: true,
    },
    {
      what: 'width (sketch:1, 16 convolutions)',
      sizes: sizes(32),
      work: (width) => [[plain(16, width, 10), sketch]],
      isLinear: false,
    },
    {
      what: 'classes (exact, N 16, 16 convolutions of width 16)',
      sizes: sizes(16),
      work: (classes) => [[plain(16, 16, classes), { ...namedSettings.paper, samples: 16 }]],
      isLinear: false,
    },
  ];
}

function plain(depth: number, width: number, classes: number): Network {
  return networkOf(`
    model M {
      input 32x32x3
      classes ${classes}
      repeat ${depth} { conv(${width}, 3x3) -> bn -> relu }
      gap -> dense(classes)
    }`);
}
