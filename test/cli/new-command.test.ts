import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exitCode } from '../../server/base/exit-codes.ts';
import { cli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'archlens-new-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a published network becomes a file of its own, in which nothing is wrong', async () => {
  expect((await cli(['new', 'mobilenetv2', '-o', 'mine.arch'], { cwd: folder })).stdout).toBe('mine.arch\n');
  const text = readFileSync(join(folder, 'mine.arch'), 'utf8');
  expect(text).toMatch(
    /^\/\/ MobileNetV2\n\nimport \{ ConvBn, InvertedResidual \} from "archlens:blocks"\n\n[^]*\nmodel MobileNetV2 = /,
  );
  expect((await cli(['new', 'MobileNetV2'], { cwd: folder })).stdout).toBe(text);
  expect((await cli(['check', 'mine.arch'], { cwd: folder })).code).toBe(exitCode.ok);
});

test('without a name those that there are are listed', async () => {
  const { stdout } = await cli(['new'], { cwd: folder });
  expect(stdout).toMatch(/^ResNet-50 +ImageNet 224 +25\.6 M +4\.09 G +76\.13$/m);
});

test('a name that there is not, and a file that is there, are wrong calls', async () => {
  const unknown = await cli(['new', 'ResNet-51'], { cwd: folder });
  expect(unknown.code).toBe(exitCode.usage);
  expect(unknown.stderr).toContain('Did you mean ResNet-50?');
  writeFileSync(join(folder, 'there.arch'), 'mine');
  const there = await cli(['new', 'ResNet-50', '-o', 'there.arch'], { cwd: folder });
  expect(there.code).toBe(exitCode.usage);
  expect(there.stderr).toContain('there.arch is there already');
  expect(readFileSync(join(folder, 'there.arch'), 'utf8')).toBe('mine');
});
