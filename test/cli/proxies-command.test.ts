import { expect, it } from 'vitest';
import { proxies } from '../../server/proxies/index.ts';
import { cli } from './run-cli.ts';

it('archlens proxies lists every proxy with its direction and cost', async () => {
  const { code, stdout } = await cli(['proxies']);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(1 + proxies.length);
  expect(stdout).toMatch(/^synflow +SynFlow +higher +ones +eval +2 forward passes of 1 sample +Tanaka/m);
  const { stdout: json } = await cli(['proxies', '--json']);
  expect((JSON.parse(json) as { name: string }[]).map(({ name }) => name)).toEqual(
    proxies.map(({ name }) => name),
  );
});
