import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import envPaths from 'env-paths';

/**
 * Where this user's programs keep what can be made again: `$XDG_CACHE_HOME/archlens` or `~/.cache/archlens` on Linux,
 * `~/Library/Caches/archlens` on macOS, `%LOCALAPPDATA%\archlens\Cache` on Windows. A relative path in the environment is
 * ignored, as the XDG specification has it: it would be another folder wherever the program starts.
 */
export function cacheFolder(): string {
  const { cache } = envPaths('archlens', { suffix: '' });
  return isAbsolute(cache) ? cache : join(homedir(), '.cache', 'archlens');
}
