import { describe, expect, it } from 'vitest';
import { allFiles, fileMatcher } from '../../server/ranking/file-filter.ts';

const paths = ['a.arch', 'nets/b.arch', 'nets/drafts/c.arch', '.hidden/d.arch'];

function kept(include: readonly string[], exclude: readonly string[]): string[] {
  return paths.filter(fileMatcher({ include, exclude }));
}

describe('a filter of files', () => {
  it('takes everything without globs', () => {
    expect(paths.filter(fileMatcher(allFiles))).toEqual(paths);
  });

  it('takes what one of the globs includes', () => {
    expect(kept(['nets/**'], [])).toEqual(['nets/b.arch', 'nets/drafts/c.arch']);
    expect(kept(['*.arch', 'nets/*'], [])).toEqual(['a.arch', 'nets/b.arch']);
  });

  it('leaves out files, and folders with all that is in them', () => {
    expect(kept([], ['**/drafts', 'a.arch'])).toEqual(['nets/b.arch', '.hidden/d.arch']);
    expect(kept([], ['**/drafts/**', '.*'])).toEqual(['a.arch', 'nets/b.arch']);
  });
});
