import { quickMark } from '../../server/score/marks.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { RankingEntry } from '../../server/ranking/entry.ts';
import type { Outline } from '../../server/worth/comparison.ts';
import type { Task } from '../../server/ranking/task.ts';
import type { ScoreSettings } from '../../server/score/types.ts';

interface Wanted {
  readonly model: string;
  readonly vkdnw?: number;
  readonly se?: number;
  readonly layers?: number;
  readonly params?: number;
  readonly macs?: number;
  readonly file?: string;
  readonly settings?: ScoreSettings;
  readonly task?: Task;
  readonly family?: string;
  readonly outline?: Outline;
  readonly state?: RankingEntry['state'];
  readonly settledSeeds?: number;
}

/** That of CIFAR-10, and that of ImageNet. */
export const small: Task = { input: [3, 32, 32], classes: 10 };
export const large: Task = { input: [3, 224, 224], classes: 1000 };

/** An entry of a ranking; scored where `vkdnw` is given. */
export function entry({
  model,
  vkdnw,
  se = 0.01,
  layers = 10,
  params = 1000,
  macs = 1e6,
  file = 'nets.arch',
  settings = namedSettings.settled,
  task = small,
  family = 'plain conv',
  outline,
  state,
  settledSeeds,
}: Wanted): RankingEntry {
  const engine = { name: 'onnxruntime-cpu', device: 'cpu', version: '1.30.0', threads: 2 } as const;
  return {
    id: `${file}#${model}`,
    uri: `file:///${file}`,
    file,
    model,
    line: 0,
    state: state ?? (vkdnw === undefined ? 'waiting' : 'scored'),
    task,
    family,
    ...(outline === undefined ? {} : { outline }),
    layers,
    params,
    macs,
    ...(settledSeeds === undefined ? {} : { settledSeeds, secondsToSettle: 60 }),
    ...(vkdnw === undefined
      ? {}
      : {
          score: {
            vkdnw,
            vkdnwSe: se,
            single: layers + vkdnw,
            settings,
            engine,
            ...(state === 'quick' ? { marks: [quickMark(settings.seeds, settledSeeds ?? 4)] } : {}),
          },
        }),
  };
}
