import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Series } from '../../server/plot/figure.ts';
import { sheetFile } from '../../server/plot/sheet.ts';
import { toCsv } from '../../server/plot/tables.ts';
import { cli } from './run-cli.ts';

const text = `
block Pair(out) { conv(out, 3x3) -> bn -> relu }
model First {
  input 8x8x3
  classes 5
  Pair(4)
  gap -> dense(classes)
}
model Second {
  input 8x8x3
  classes 5
  repeat 2 { Pair(3) }
  gap -> dense(classes)
}
model Silent {
  input 8x8x3
  classes 5
  conv(4, 3x3) -> none
  gap -> dense(classes)
}
model Broken { input 8x8x3 }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-plot-'));
  writeFileSync(join(folder, 'nets.arch'), text);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fast = ['--setting', 'live', '--index-sets', '2', '--seeds', '2', '--no-store'];
const plot = (...args: readonly string[]) => cli(['plot', 'nets.arch', ...args, ...fast], { cwd: folder });

describe('archlens plot', () => {
  it('writes what it draws of the first model, the same to a file and to standard output', async () => {
    const file = await plot('-o', 'out.svg');
    expect(file).toEqual({ code: 0, stdout: '', stderr: '' });
    const svg = readFileSync(join(folder, 'out.svg'), 'utf8');
    expect(svg).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/,
    );
    expect(svg).toContain('>First</text>');
    expect(svg).toMatch(/sketch:1, N 64, P 128, M 2, S 2, seed 0/);
    expect((await plot('-o', '-')).stdout).toBe(svg);
  });

  it('writes the numbers that the picture is drawn from', async () => {
    const { stdout } = await plot('-o', '-', '--format', 'json', '--model', 'Second');
    const { format, series } = JSON.parse(stdout) as { format: string; series: Series[] };
    expect(format).toBe('archlens-picture/1');
    expect(series.map(({ name }) => name)).toEqual(['Second']);
    const { ops, over } = series[0]!.picture.contributions;
    expect(over).toBe('all');
    expect(ops.reduce((sum, { share }) => sum + share.value, 0)).toBeCloseTo(1, 6);
    expect(ops[2]!.calls.map(({ label }) => label)).toEqual(['repeat #2', 'Pair(3)']);
    expect((await plot('-o', '-', '--format', 'csv', '--model', 'Second')).stdout).toBe(toCsv(series));
    expect((await plot('-o', '-', '--model', 'Second')).stdout).toBe(sheetFile(series));
  });

  it('takes the format from the name of the file', async () => {
    expect((await plot('-o', 'out.csv')).code).toBe(0);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toMatch(/^model,quantity,item/);
    const { code, stderr } = await plot('-o', 'out.pdf');
    expect(code).toBe(2);
    expect(stderr).toContain('Let the name end in .svg, .csv or .json, or add --format.');
    expect(existsSync(join(folder, 'out.pdf'))).toBe(false);
  });

  it('says what is wrong with the model', async () => {
    expect((await plot('-o', '-', '--model', 'Third')).stderr).toContain(
      "There is no model 'Third' in nets.arch. The models are: First, Second, Silent, Broken.",
    );
    expect(await plot('-o', '-', '--model', 'Broken')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Broken cannot be drawn: nets\.arch:21:7 /) as string,
    });
    expect(await plot('-o', '-', '--estimator', 'exact', '--samples', '2')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^First has no score: N·\(C − 1\) = 2·\d is below 32/) as string,
    });
    // The bias of its classifier alone reaches the output.
    expect((await plot('-o', '-', '--model', 'Silent')).stdout).toContain(
      'No signal passes through 3 ops: conv(4, 3x3), none, gap.',
    );
    expect((await plot()).stderr).toContain("required option '-o, --output <file>' not specified");
  });

  it('says why a file cannot be written', async () => {
    const { code, stderr } = await plot('-o', join('missing', 'out.svg'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/out\.svg cannot be written: there is no folder missing\./);
  });
});
