import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from './run-cli.ts';

const text = `block B(c) { // kept
  conv(c, 3x3) -> bn -> relu
}
model M {
  input 8x8x3
  classes 4
  repeat 1 { B(8) }
  gap -> dense(classes)
}
`;
const quick = ['--setting', 'live', '--index-sets', '8', '--engine', 'onnx-cpu', '--no-store'];

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-whatif-'));
  file = join(folder, 'm.arch');
  writeFileSync(file, text);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('whatif', () => {
  test('lists alternatives with their differences', async () => {
    const { code, stdout } = await cli(['whatif', file, '--at', '2:11', '--json', ...quick]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as {
      readonly about: string;
      readonly settings: { readonly seeds: number };
      readonly alternatives: readonly {
        readonly change: string;
        readonly withinNoise: boolean;
        readonly margin: number;
        readonly delta: number;
      }[];
    };
    expect(result).toMatchObject({ model: 'M', about: '3x3', leftOut: 0 });
    expect(result.settings.seeds).toBe(4);
    expect(result.alternatives.map(({ change }) => change).sort()).toEqual([
      '3x3 → 1x1',
      '3x3 → 5x5',
      '3x3 → 7x7',
    ]);
    for (const { withinNoise, margin, delta } of result.alternatives)
      expect(withinNoise).toBe(Math.abs(delta) <= margin);
  });

  test('says of every alternative what both opinions are, or by a code why it has no score', async () => {
    const silent = join(folder, 'silent.arch');
    // No direction is left behind the pooling of a single channel.
    writeFileSync(silent, text.replace('gap ->', 'conv(1, 1x1) -> gap -> dense(2) ->'));
    const ask = ['whatif', silent, '--at', '2:8', '--moves', 'width', ...quick];
    const { stdout } = await cli([...ask, '--json']);
    const { alternatives, otherScores } = JSON.parse(stdout) as {
      readonly otherScores: readonly string[];
      readonly alternatives: readonly Record<string, unknown>[];
    };
    expect(otherScores).toEqual(['params', 'synflow', 'expressivity', 'jacov']);
    for (const each of alternatives) {
      expect(each).toMatchObject({ kind: 'width', comparison: 'width' });
      if (each['state'] === 'failed') expect(each['reason']).toMatch(/^[a-z-]+$/);
      else expect(Object.keys(each)).toEqual(expect.arrayContaining(['marks', 'standing', 'opinion']));
    }
    const table = (await cli([...ask, '--csv'])).stdout.split('\r\n');
    expect(table[0]).toMatch(/^change,kind,comparison,state,reason,standing,delta,margin,seeds,marks,/);
    expect(table).toHaveLength(alternatives.length + 2);
  });

  test('varies what is asked for', async () => {
    const wrong = await cli(['whatif', file, '--at', '2:11', '--moves', 'widht']);
    expect(wrong.stderr).toMatch(/Did you mean width\?/);
    const none = await cli(['whatif', file, '--at', '2:11', '--moves', 'norm', ...quick]);
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toMatch(/No change there is of these kinds. There are: kernel\./);
  });

  test('says what is wrong with a place', async () => {
    const nothing = await cli(['whatif', file, '--at', '5:3']);
    expect(nothing).toMatchObject({ code: 2, stdout: '' });
    expect(nothing.stderr).toMatch(/nothing to vary/);
    expect((await cli(['whatif', file, '--at', '99:1'])).stderr).toMatch(/has no place 99:1/);
    expect((await cli(['whatif', file, '--at', 'here'])).stderr).toMatch(/--at takes a line and a column/);
  });
});

describe('improve', () => {
  test('writes where it is told to, and nowhere else', async () => {
    const output = join(folder, 'better.arch');
    const { code, stdout } = await cli([
      'improve',
      file,
      '--max-params',
      '100K',
      '--max-macs',
      '10M',
      '--steps',
      '1',
      '--json',
      '--output',
      output,
      ...quick,
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as {
      readonly steps: readonly { readonly delta: number; readonly withinNoise: boolean }[];
      readonly text: string;
    };
    expect(result.steps).toHaveLength(1);
    expect(result.steps[0]?.delta).toBeGreaterThan(0);
    expect(result.steps[0]?.withinNoise).toBe(false);
    expect(readFileSync(output, 'utf8')).toBe(result.text);
    expect(result.text).toContain('// kept');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('goes by another score where it is asked to', async () => {
    const limits = ['--max-params', '100K', '--max-macs', '10M', '--steps', '1'];
    const { code, stdout } = await cli(['improve', file, ...limits, '--by', 'robust_agg', ...quick]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /By robust_agg: the sum of ln ranks among the model and the changes looked at again/,
    );
    expect(stdout).toMatch(/Parts \(\+ for.*\): params, synflow, expressivity, jacov\./);
    const wrong = await cli(['improve', file, '--by', 'robust']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(
      /'robust' is not an aggregate\. There are vkdnw_agg, az_nas, te_nas, robust_agg/,
    );
  });
});
