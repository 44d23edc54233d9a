import { formatDuration, plural } from '../base/quantities.ts';
import { formatEstimator, formatSettings, formatSoftmax, normText, tensorsText } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { PictureOrigin } from './picture.ts';

/** How the numbers were made, in one line that is the same wherever and whenever they are made again. */
export function madeBy({ settings, sampling, engine, version, key }: PictureOrigin): string {
  const contributions = sampling === undefined ? '' : ` · contributions: ${formatSettings(sampling)}`;
  return `Archlens ${version} · ${formatSettings(settings)}${contributions} · ${engine.name}, ${engine.version}, ${engine.device} · key ${key.slice(0, 16)}`;
}

/** The same as a list of names and values, with what may differ from run to run. */
export function madeByRows({
  settings,
  sampling,
  engine,
  version,
  milliseconds,
  key,
}: PictureOrigin): (readonly [string, string])[] {
  return [
    ['Estimator', estimatorText(settings)],
    ['Images N', String(settings.samples)],
    ['Weights P', `one of each of ${tensorsText(settings)}`],
    ['Index sets M', String(settings.indexSets)],
    ['Seeds S', `${settings.seeds}, from ${settings.seed}`],
    [
      'Softmax',
      settings.softmax.kind === 'paper'
        ? 'paper'
        : `${formatSoftmax(settings.softmax)}, a departure from the paper`,
    ],
    ['Fisher formula', settings.fisher],
    ['Norm', normText(settings)],
    ...(sampling === undefined ? [] : [['Contributions', formatSettings(sampling)] as const]),
    ['Engine', `${engine.name}, ${engine.version}`],
    ['Device', `${engine.device}, ${plural(engine.threads, 'thread')}`],
    ['Time', formatDuration(milliseconds)],
    ['Archlens', version],
    ['Key', key],
  ];
}

function estimatorText({ estimator }: ScoreSettings): string {
  return estimator.kind === 'exact'
    ? 'exact'
    : `${formatEstimator(estimator)}: ${estimator.signs === 1 ? 'one random sign vector' : `${estimator.signs} random sign vectors`} per image`;
}
