import { expect, test } from 'vitest';
import { isOtherVersion, noModelText, proposalScheme } from '../../../client/editor/other-versions.ts';
import manifest from '../../../package.json' with { type: 'json' };

test('a proposal and a version of the repository are no documents, and say where to go on', () => {
  for (const scheme of ['file', 'untitled', 'vscode-vfs']) {
    expect(isOtherVersion(scheme)).toBe(false);
    expect(noModelText(scheme)).toMatch(/there is no model in this file/);
  }
  expect([proposalScheme, 'git'].map(isOtherVersion)).toEqual([true, true]);
  expect(noModelText(proposalScheme)).toMatch(/Accept or Discard/);
  expect(noModelText('git')).toMatch(/Open the file itself/);
});

test('no menu offers to score or improve one', () => {
  const { menus } = manifest.contributes;
  const entries = [...menus['editor/title'], ...menus['editor/context']].filter(({ when }) =>
    when.includes('resourceLangId == arch'),
  );
  expect(entries.length).toBeGreaterThan(5);
  for (const { command, when } of entries)
    for (const scheme of [proposalScheme, 'git'])
      expect(when, command).toContain(`resourceScheme != ${scheme}`);
});
