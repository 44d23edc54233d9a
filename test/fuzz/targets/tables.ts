import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import jpeg from 'jpeg-js';
import { readImages } from '../../../server/cli/images.ts';
import { UsageError } from '../../../server/cli/terminal.ts';
import { missingNotes, numbersOf, parseTable, TableError } from '../../../server/evaluation/table.ts';
import { numbers, oddities, prototypeNames } from '../input/words.ts';
import type { Random } from '../../support/random.ts';
import { ensure, ensureSame, target } from '../target.ts';
import { anyDamage, damaged, type Damage } from './damage.ts';
import { Scratch } from './scratch.ts';

interface Input {
  readonly kind: 'csv' | 'npy' | 'bin' | 'png' | 'jpg';
  /** CSV: cells of the rows, the titles first. */
  readonly cells: readonly (readonly string[])[];
  readonly delimiter: string;
  readonly lineBreak: string;
  /** Of images. */
  readonly npy: { readonly type: string; readonly extents: readonly number[]; readonly version: number };
  readonly damages: readonly Damage[];
}

const shape = [3, 8, 8] as const;
const scratch = new Scratch();

function anyCell(random: Random): string {
  return random.pick([
    random.pick(numbers),
    String(random.share()),
    random.pick([
      '',
      '-',
      'nan',
      'inf',
      'null',
      '-1e-3',
      ' 2 ',
      '1,5',
      '=1+1',
      'a"b',
      'a\nb',
      '"',
      '\r',
      'x,y',
      ';',
      '\t',
    ]),
    random.pick(prototypeNames),
    random.pick(oddities),
  ]);
}

/** Tables and images are read as they were written, or refused by an error that names the file. */
export const tables = target<Input>({
  name: 'tables',
  generate: (random) => {
    const width = 1 + random.small(5);
    return {
      kind: random.pick(['csv', 'csv', 'csv', 'npy', 'bin', 'png', 'jpg']),
      cells: random.times(random.small(8), () =>
        random.times(random.chance(0.95) ? width : random.small(6), () => anyCell(random)),
      ),
      delimiter: random.pick([',', ',', ';', '\t']),
      lineBreak: random.pick(['\n', '\r\n', '\r']),
      npy: {
        type: random.pick(['<f4', '<f8', '|u1', '>f4', '<i8', '|O', '']),
        extents: random.pick([
          [2, 3, 8, 8],
          [2, 8, 8, 3],
          [1, 3, 8, 8],
          [0, 3, 8, 8],
          [1e15, 3, 8, 8],
          [2 ** 32, 3, 8, 8],
          [-1, 3, 8, 8],
          [],
          [1.5, 3, 8, 8],
        ]),
        version: random.pick([1, 1, 2, 3, 0, 255]),
      },
      damages: random.chance(0.6) ? random.times(1 + random.small(3), () => anyDamage(random)) : [],
    };
  },
  check(input) {
    if (input.kind === 'csv') table(input);
    else images(input);
  },
  close: () => {
    scratch.clear();
  },
});

function quoted(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function withDamages(bytes: Buffer, damages: readonly Damage[]): Buffer {
  return damages.reduce(damaged, bytes);
}

function table({ cells, delimiter, lineBreak, damages }: Input): void {
  const text = cells.map((row) => row.map(quoted).join(delimiter) + lineBreak).join('');
  const bytes = withDamages(Buffer.from(text), damages);
  const read = bytes.toString('utf8');
  try {
    const found = parseTable(read, 't.csv');
    const lines = read.split(/\r\n|\r|\n/).length;
    let last = 0;
    for (const { line, cells: row } of found.rows) {
      ensure(row.length === found.columns.length, 'A row has other columns than its table.');
      ensure(line > last && line <= lines, 'A row is in no line of the file.', () => [line, last, lines]);
      last = line;
    }
    const [title = '', ...others] = found.columns;
    const { rows, targets, columns, missing } = numbersOf(found, title, others);
    ensure(targets.length === rows.length && targets.every(Number.isFinite), 'A target is no number.');
    ensure(
      columns.every(
        (column) =>
          column.length === rows.length &&
          column.every((value) => value === undefined || Number.isFinite(value)),
      ),
      'A score is no number.',
    );
    missingNotes(missing);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    ensure(error.message.startsWith('t.csv'), 'An error does not name its file.', () => error.message);
  }
}

function npyBytes({ npy: { type, extents, version } }: Input): Buffer {
  const header = Buffer.from(
    `{'descr': '${type}', 'fortran_order': False, 'shape': (${extents.join(', ')}), }\n`,
  );
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  const each = Number(type.at(-1) ?? 0) || 0;
  const count = extents.reduce((product, extent) => product * extent, each);
  const data = Buffer.alloc(count > 0 && count < 10_000 ? Math.ceil(count) : 100, 64);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([version, 0]), length, header, data]);
}

function pixels(): Buffer {
  return Buffer.from(Array.from({ length: 4 * 9 * 7 }, (_, index) => (index * 37) % 256));
}

function imageBytes(input: Input): Buffer {
  switch (input.kind) {
    case 'csv':
      return Buffer.of();
    case 'npy':
      return npyBytes(input);
    case 'bin':
      return Buffer.alloc(3073 * (1 + input.cells.length), 7);
    case 'png': {
      const png = new PNG({ width: 9, height: 7 });
      pixels().copy(png.data);
      return PNG.sync.write(png);
    }
    case 'jpg':
      return Buffer.from(jpeg.encode({ width: 9, height: 7, data: pixels() }, 50).data);
  }
}

function images(input: Input): void {
  const bytes = withDamages(imageBytes(input), input.damages);
  const isPicture = input.kind === 'png' || input.kind === 'jpg';
  const path = scratch.path(isPicture ? 'pictures' : `images.${input.kind}`);
  if (isPicture) mkdirSync(path, { recursive: true });
  const file = isPicture ? join(path, `picture.${input.kind}`) : path;
  writeFileSync(file, bytes);
  try {
    const { count, values, labels } = readImages(path, shape);
    ensure(Number.isInteger(count) && count > 0, 'There are no images.', () => count);
    ensure(values.every(Number.isFinite), 'A pixel is no number.');
    ensure(values.length === count * 3 * 8 * 8, 'Images are not as many as their pixels.');
    ensure(labels === undefined || labels.length === count, 'Labels are not as many as images.');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    ensure(error.message.includes(path), 'An error does not name its file.', () => error.message);
  } finally {
    ensureSame(readFileSync(file).equals(bytes), true, 'A file that is read was changed.');
    rmSync(path, { recursive: true });
  }
}
