import { namedSettings, settingNames } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { Proxy } from './proxy.ts';
import { vkdnwSingle } from './vkdnw-single.ts';
import { vkdnw } from './vkdnw.ts';

/**
 * The named settings, and `settled` with the normalised softmax (a departure from the paper: docs/score.md#normalised-softmax),
 * with other norms and with other tensors.
 */
const variants: ReadonlyMap<string, ScoreSettings> = new Map([
  ...settingNames.map((name): [string, ScoreSettings] => [name, namedSettings[name]]),
  ['settled-normalised', { ...namedSettings.settled, softmax: { kind: 'normalised', temperature: 3 } }],
  ['settled-calibrated', { ...namedSettings.settled, norm: 'calibrated' }],
  ['settled-spread', { ...namedSettings.settled, tensors: 'spread' }],
  ['settled-calibrated-spread', { ...namedSettings.settled, norm: 'calibrated', tensors: 'spread' }],
  ['paper-released-mbv2', { ...namedSettings.paper, norm: 'released-mbv2', tensors: 'random' }],
]);

/**
 * `vkdnw_single@paper`: VKDNW under a setting of its own instead of that of the run, for tables that compare settings.
 *
 * @returns undefined for a text that is written otherwise
 */
export function settingVariant(text: string): Proxy | undefined {
  const [, name, setting = ''] = /^(\w+)@([\w-]+)$/.exec(text) ?? [];
  const base = [vkdnw, vkdnwSingle].find((proxy) => proxy.name === name);
  const settings = variants.get(setting);
  if (base === undefined || settings === undefined) return undefined;
  return {
    ...base,
    name: text,
    title: `${base.title} (${setting})`,
    measure: async (context) => {
      const { network, seeds } = context;
      const own = { ...settings, seed: seeds[0] ?? settings.seed };
      return await base.measure({
        network,
        seeds,
        score: () => context.score(own),
        run: (job) => context.run(job),
      });
    },
  };
}
