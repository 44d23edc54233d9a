import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import {
  edited,
  recordedNetworks,
  recordedText,
  type RecordedNetwork,
} from '../../../bench/editor/workbench/recorded-edits.ts';
import { Files } from '../../../server/cli/files.ts';
import { networkHash } from '../../../server/score/key.ts';
import { root } from '../../../scripts/node24.mjs';

const examples = join(root, 'examples');

/** Hashes of the network after each edit, the first being that of the text before. */
function hashes(recorded: RecordedNetwork): readonly string[] {
  const path = join(examples, recorded.file);
  const texts = [recordedText(examples, recorded)];
  for (const edit of recorded.edits) texts.push(edited(texts.at(-1)!, edit));
  return texts.map((text) => {
    const { models } = new Files(new Map([[path, text]])).analyse(path);
    expect(models.map(({ name }) => name)).toEqual([recorded.model]);
    const { network } = models[0]!;
    if (network === undefined) throw new Error(`${pathToFileURL(path).href} has errors:\n${text}`);
    return networkHash(network);
  });
}

describe('the recorded edits', () => {
  it.each(recordedNetworks)('are ten of $name that leave a network', (recorded) => {
    expect(recorded.edits).toHaveLength(10);
    // Of comments and dropout it is the same one, and what was taken back is one of before.
    expect(new Set(hashes(recorded)).size).toBeGreaterThanOrEqual(9);
  });

  test('are fifty', () => {
    expect(recordedNetworks.flatMap(({ edits }) => edits)).toHaveLength(50);
  });
});
