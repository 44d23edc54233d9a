import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './run-cli.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const files = readdirSync(fixtures).filter((name) => name.endsWith('.json'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-fixture-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function check(...paths: string[]) {
  return cli([...paths, '--threads', '1'], { program: 'fixture/check-fixture.ts' });
}

/** A copy of the first fixture with something changed. */
function changed(name: string, change: (fixture: Record<string, unknown>) => void): string {
  const fixture = JSON.parse(readFileSync(join(fixtures, '03_all_none.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  change(fixture);
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(fixture));
  return path;
}

describe('check:fixture', () => {
  it('passes every fixture on the real engine', async () => {
    const { code, stdout } = await check(...files.map((name) => join(fixtures, name)));
    expect(stdout.match(/^PASS {2}\S+$/gm)).toEqual(files.map((name) => `PASS  ${name}`));
    expect(stdout).not.toContain('above');
    for (const word of ['logits', 'Jacobian', 'eigenvalues', 'entropy', 'paper', 'released', 'float64']) {
      expect(stdout).toContain(word);
    }
    expect(code).toBe(0);
  });

  it('fails where the numbers differ, and goes on', async () => {
    const wrong = changed('wrong.json', (fixture) => {
      (fixture['logits'] as number[][])[0]![0] = 1e-3;
    });
    const { code, stdout } = await check(wrong, join(fixtures, '03_all_none.json'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}wrong\.json$/m);
    expect(stdout).toMatch(/logits \S+ \(above 1e-5\)/);
    expect(stdout).toMatch(/^PASS {2}03_all_none\.json$/m);
  });

  it.each([
    [
      'a field missing',
      (fixture: Record<string, unknown>) => delete fixture['classes'],
      /classes is missing$/m,
    ],
    [
      'a field of another kind',
      (fixture: Record<string, unknown>) => (fixture['N'] = 1e6),
      /N must be <=100, not 1000000$/m,
    ],
    [
      'an input of another size',
      (fixture: Record<string, unknown>) => (fixture['x_b64_f32'] = 'AAAA'),
      /x_b64_f32 must hold \d+ float32 numbers$/m,
    ],
    [
      'a weight of another size',
      (fixture: Record<string, unknown>) =>
        ((fixture['weights_b64_f32'] as Record<string, string>)['stem.0.weight'] = 'AAAA'),
      /weights_b64_f32\.stem\.0\.weight must hold \d+ float32 numbers$/m,
    ],
    [
      'a Jacobian of another size',
      (fixture: Record<string, unknown>) => (fixture['J_b64_f64'] = ''),
      /J_b64_f64/,
    ],
    [
      'another genotype',
      (fixture: Record<string, unknown>) =>
        (fixture['arch'] = '|nor_conv_1x1~0|+|none~0|none~1|+|none~0|none~1|none~2|'),
      /named_params/,
    ],
    ['no genotype', (fixture: Record<string, unknown>) => (fixture['arch'] = '|'), /genotype/],
  ])('says what is wrong with %s', async (_, change, message) => {
    const { code, stdout } = await check(changed('broken.json', change));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}broken\.json {2}/);
    expect(stdout).toMatch(message);
  });

  it('says when a file is not there', async () => {
    const { code, stdout } = await check(join(folder, 'none.json'));
    expect(code).toBe(1);
    expect(stdout).toBe('FAIL  none.json  cannot be read: there is no such file\n');
  });

  it('says when a file is not JSON, in one line', async () => {
    const path = join(folder, 'noise.json');
    writeFileSync(path, Uint8Array.of(68, 0, 10, 127, 27));
    const binary = join(folder, 'binary.json');
    writeFileSync(binary, Uint8Array.of(68, 0, 10, 200, 27));
    const { code, stdout } = await check(path, binary, join(fixtures, '03_all_none.json'));
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  binary.json  cannot be read: it is not UTF-8: byte 3 is 0xC8 (line 2)');
    expect(stdout).toMatch(/^FAIL {2}noise\.json {2}not JSON: [\x20-\x7e]+\nFAIL/);
  });
});
