import { csv, type CsvCell } from '../base/csv.ts';
import { quantileLevels, quantileName } from '../fisher/deciles.ts';
import type { Series } from './figure.ts';
import { normalised } from './picture.ts';

/** Every number of a picture, one a line: `model,quantity,item,value,standard_error`; the value of a mark is what it means. */
export function toCsv(series: readonly Series[]): string {
  return csv([['model', 'quantity', 'item', 'value', 'standard_error'], ...series.flatMap(linesOf)]);
}

function linesOf({ name, picture }: Series): CsvCell[][] {
  const {
    vkdnw,
    marks = [],
    single,
    layers,
    params,
    macs,
    eigenvalues,
    deciles,
    seeds,
    contributions,
  } = picture;
  const { norm } = picture.origin.settings;
  const [levels, word] = [quantileLevels(norm), quantileName(norm)];
  const place = (calls: readonly { readonly label: string }[], label: string): string =>
    [...calls.map((call) => call.label), label].join(' › ');
  return [
    ['vkdnw', '', vkdnw.value, vkdnw.se],
    ...marks.map(({ short, message }): CsvCell[] => ['mark', short, message]),
    ['single', '', single, vkdnw.se],
    ['layers', '', layers],
    ['params', '', params],
    ['macs', '', macs],
    ...seeds.map(({ seed, entropy }) => ['seed entropy', seed, entropy]),
    ...deciles.map((value, index) => [word, levels[index], value]),
    ...normalised(deciles).map((value, index) => [`normalised ${word}`, levels[index], value]),
    ...eigenvalues.map((value, index) => ['eigenvalue', index + 1, value]),
    ...contributions.ops.map(({ calls, label, share }) => [
      'contribution',
      place(calls, label),
      share.value,
      share.se,
    ]),
    ...contributions.ops.flatMap(({ calls, label, bands = [] }) =>
      bands.flatMap((band, index) =>
        band === null ? [] : [[`band ${index + 1}`, place(calls, label), band]],
      ),
    ),
    ...contributions.ops.flatMap(({ calls, label, entropyEffect }) =>
      entropyEffect === undefined
        ? []
        : [['entropy effect', place(calls, label), entropyEffect.value, entropyEffect.se]],
    ),
  ].map(([quantity, item, value, error]) => [name, quantity, item, value, error]);
}

/** The pictures as they are, for other programs. */
export function toJson(series: readonly Series[]): string {
  const format = 'archlens-picture/1';
  return `${JSON.stringify({ format, series }, null, 2)}\n`;
}
