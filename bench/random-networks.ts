import { formatGenotype, NAS_BENCH_201_OPS, nasBench201 } from '../server/network/nasbench201.ts';
import type { Network } from '../server/network/network.ts';
import { totals } from '../server/network/totals.ts';
import { networkOf } from './networks.ts';

export const families = [
  'NAS-Bench-201',
  'depthwise',
  'transformers',
  'plain convs',
  'residual convs',
] as const;

export type Family = (typeof families)[number];

/** The same networks in every run: different ones of a family, CIFAR's input and classes. */
export function randomNetworks(family: Family, count: number): Network[] {
  const random = new Random(family.length);
  const seen = new Set<string>();
  const networks: Network[] = [];
  while (networks.length < count) {
    const { key, build } = makers[family](random);
    if (seen.has(key)) continue;
    seen.add(key);
    const network = build();
    if (hasSignal(network)) networks.push(network);
  }
  return networks;
}

interface Draw {
  readonly key: string;
  readonly build: () => Network;
}

const makers: Readonly<Record<Family, (random: Random) => Draw>> = {
  'NAS-Bench-201': (random) => {
    const key = formatGenotype(
      [1, 2, 3].flatMap((to) =>
        Array.from({ length: to }, (_, from) => ({ from, to, op: random.pick(NAS_BENCH_201_OPS) })),
      ),
    );
    return { key, build: () => nasBench201(key) };
  },
  // MobileNetV2's blocks: expansion, depthwise convolution, linear bottleneck.
  depthwise: (random) => {
    let width = random.pick([8, 12, 16, 24]);
    const stages = Array.from({ length: random.integer(2, 4) }, (_, stage) => {
      width = Math.round((width * random.pick([1, 1.5, 2])) / 4) * 4;
      const block = `Block(${width}, ${random.pick([2, 3, 4, 6])}, ${random.pick(['3x3', '5x5'])}`;
      const rest = `repeat ${random.integer(1, 3)} { ${block}, 1) }`;
      return `${block}, ${stage === 0 ? 1 : 2}) ${rest}`;
    });
    return fromText(`
      block Block(out, expand, kernel, stride) {
        let width = channels
        if (stride == 1 && width == out) {
          residual { Body(out, expand, kernel, stride) }
        } else { Body(out, expand, kernel, stride) }
      }
      block Body(out, expand, kernel, stride) {
        conv(channels * expand, 1x1) -> bn -> relu6
        dwconv(kernel, stride = stride) -> bn -> relu6
        conv(out, 1x1) -> bn
      }
      model M {
        input 32x32x3
        classes 10
        conv(${random.pick([8, 16, 32])}, 3x3, stride = ${random.pick([1, 2])}) -> bn -> relu6
        ${stages.join('\n')}
        conv(${random.pick([64, 128, 256])}, 1x1) -> bn -> relu6 -> gap -> dense(classes)
      }`);
  },
  transformers: (random) => {
    const heads = random.pick([1, 2, 3, 4]);
    const width = heads * random.pick([16, 32, 48]);
    return fromText(`
      block Encoder(width, heads, mlp) {
        residual { layernorm -> attention(heads) }
        residual { layernorm -> dense(width * mlp) -> gelu -> dense(width) }
      }
      model M {
        input 32x32x3
        classes 10
        conv(${width}, ${random.pick(['4x4, stride = 4', '8x8, stride = 8'])}, padding = valid, bias = true)
        tokens
        cls_token -> posembed
        repeat ${random.integer(2, 10)} { Encoder(${width}, ${heads}, ${random.pick([1, 2, 3, 4])}) }
        layernorm -> take_token -> dense(classes)
      }`);
  },
  'plain convs': (random) => {
    let width = random.pick([8, 12, 16, 24, 32]);
    const activation = random.pick(['relu', 'relu', 'gelu', 'silu']);
    const stages = Array.from({ length: random.integer(2, 4) }, (_, stage) => {
      const stride = stage === 0 ? '' : ', stride = 2';
      const kernel = random.pick(['3x3', '3x3', '5x5']);
      const body = `conv(${width}, ${kernel}${stride}) -> bn -> ${activation}
        repeat ${random.integer(1, 5)} { conv(${width}, ${kernel}) -> bn -> ${activation} }`;
      width = Math.round((width * random.pick([1, 1.5, 2])) / 4) * 4;
      return body;
    });
    return fromText(`
      model M {
        input 32x32x3
        classes 10
        ${stages.join('\n')}
        gap -> dense(classes)
      }`);
  },
  // ResNet's units: two 3×3 convolutions, or a bottleneck, perhaps grouped, perhaps with squeeze-and-excitation.
  'residual convs': (random) => {
    const isBottleneck = random.pick([true, false]);
    const groups = random.pick(['1', '1', 'out / 8']);
    const attention = random.pick(['', '', ' -> se']);
    let width = random.pick([8, 16, 24, 32]);
    const stages = Array.from({ length: random.integer(2, 4) }, (_, stage) => {
      const unit = `Unit(${width}, ${stage === 0 ? 1 : 2})`;
      const body = `${unit} repeat ${random.integer(0, 4)} { Unit(${width}, 1) }`;
      width = Math.round((width * random.pick([1, 1.5, 2])) / 8) * 8;
      return body;
    });
    const layers = isBottleneck
      ? `conv(out / 2, 1x1) -> bn -> relu
          conv(out / 2, 3x3, stride = stride, groups = ${groups}) -> bn -> relu
          conv(out, 1x1) -> bn${attention}`
      : `conv(out, 3x3, stride = stride) -> bn -> relu
          conv(out, 3x3) -> bn${attention}`;
    return fromText(`
      block Unit(out, stride) {
        residual {
          ${layers}
        } shortcut {
          if (stride != 1 || channels != out) { conv(out, 1x1, stride = stride) -> bn }
        }
        relu
      }
      model M {
        input 32x32x3
        classes 10
        conv(${random.pick([8, 16, 32])}, 3x3) -> bn -> relu
        ${stages.join('\n')}
        gap -> dense(classes)
      }`);
  },
};

function fromText(text: string): Draw {
  return { key: text, build: () => networkOf(text) };
}

/** A NAS-Bench-201 cell may pass nothing on; it has no score, in any setting. */
function hasSignal(network: Network): boolean {
  const live = new Set([network.output]);
  for (let id = network.output; id >= 0; id--) {
    const node = network.nodes[id]!;
    if (live.has(id) && node.op !== 'none') for (const input of node.inputs) live.add(input);
  }
  return live.has(0) && totals(network).layers > 0;
}

/** A linear congruential generator: enough to pick architectures. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  integer(low: number, high: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return low + Math.floor((this.#state / 2 ** 32) * (high - low + 1));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!;
  }
}
