import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder } from '../../server/base/cache-folder.ts';
import { storeFolder } from '../../server/store/store-folder.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.runIf(process.platform === 'linux')('the cache folder of a user', () => {
  const own = join(homedir(), '.cache', 'archlens');

  it('is where the environment says', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/elsewhere');
    expect(cacheFolder()).toBe('/elsewhere/archlens');
  });

  it.each(['', '.', 'cache', './cache', '~/cache'])(
    'is the usual one where the environment says "%s"',
    (given) => {
      vi.stubEnv('XDG_CACHE_HOME', given);
      vi.stubEnv('ARCHLENS_STORE', undefined);
      expect(cacheFolder()).toBe(own);
      expect(storeFolder(undefined)).toBe(join(own, 'store'));
    },
  );
});
