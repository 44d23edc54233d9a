import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown, shownLines, shownStyled } from '../../server/cli/visible.ts';
import { cli } from './run-cli.ts';

describe('a text of others', () => {
  it.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['\u009b2J', '\\x9b2J'],
    ['a\nb\tc\r', 'a\\x0ab\\x09c\\x0d'],
    ['\u202ehcra.\u2066', '\\u202ehcra.\\u2066'],
    ['Größe 網.arch', 'Größe 網.arch'],
  ])('%j is shown as %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('keeps its lines where it has several, and our styles where they are', () => {
    const text = 'a\r\nb\t\u001b[1mc\u001b[22m\u001b[2J\n';
    expect(shownLines(text)).toBe('a\r\nb\t\\x1b[1mc\\x1b[22m\\x1b[2J\n');
    expect(shownStyled(text)).toBe('a\r\nb\t\u001b[1mc\u001b[22m\\x1b[2J\n');
  });
});

// Windows has no such names.
describe.runIf(process.platform !== 'win32')('a file with a name of escape sequences', () => {
  const name = '\u001b]0;owned\u0007\u001b[2J\n0 errors\u001b[31m.arch';
  const model = 'model M {\n  input 8x8x3\n  classes 4\n  conv(4, 3x3) -> gap -> dense(classes)\n}\n';
  const fast = ['--setting', 'live', '--engine', 'onnx-cpu', '--no-store'];
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'archlens-names-'));
    writeFileSync(join(folder, name), model);
    writeFileSync(join(folder, `bad-${name}`), ` ${model.replace('conv', 'unknown')}`);
    writeFileSync(join(folder, '=1+1.arch'), model);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    [['check', '.']],
    [['check', `missing-${name}`]],
    [['check', name, `--${name}`]],
    [[name]],
    [['format', '--check', '.']],
    [['score', '.', ...fast]],
    [['score', '.', ...fast, '--json']],
    [['score', name, '--model', name]],
    [['rank', '.', ...fast]],
    [['plot', name, '-o', join('missing', name), '--format', 'svg', ...fast]],
    [['evaluate', '--scores', name, '--target', name, '--score', name]],
  ])('sends none of them to the terminal: %j', async (args) => {
    const { stdout, stderr } = await cli(args, { cwd: folder });
    expect(stdout + stderr).not.toMatch(new RegExp(String.raw`(?!\n)\p{Cc}`, 'u'));
    // The parser of the call repeats what it does not know, in a text of several lines.
    if (!stderr.includes('(add --help')) expect(stdout + stderr).not.toMatch(/^0 errors/m);
    expect(stdout + stderr).toContain('owned');
  });

  it('gives a spreadsheet no formula', async () => {
    const { stdout } = await cli(['rank', '.', ...fast, '--csv'], { cwd: folder });
    expect(stdout).toContain(",M,'=1+1.arch,scored,");
  });
});
