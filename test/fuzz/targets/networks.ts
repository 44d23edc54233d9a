import type { Project } from '../../../server/language/project.ts';
import { canonicalNetwork } from '../../../server/network/canonical.ts';
import { ensureSame } from '../target.ts';

/** The networks of a file as they are stored, of models and of first members of spaces; undefined for those with errors. */
export function networksOf(project: Project, uri: string): readonly (object | undefined)[] {
  const { models, spaces } = project.analyse(uri);
  return [...models, ...spaces.map(({ first }) => first)].map(
    ({ network }) => network && canonicalNetwork(network),
  );
}

/**
 * A rename keeps every network. It makes one only where a name was declared twice, and is not any more.
 *
 * @throws Violation
 */
export function ensureRenamed(after: Project, before: Project, uris: readonly string[]): void {
  const hasDoubles = uris.some((uri) =>
    before.analyse(uri).diagnostics.some(({ code }) => code === 'duplicate-name'),
  );
  for (const uri of uris) {
    const expected = networksOf(before, uri);
    const found = networksOf(after, uri).map((network, index) =>
      hasDoubles && expected[index] === undefined ? undefined : network,
    );
    ensureSame(found, expected, 'A rename changes a network.');
  }
}
