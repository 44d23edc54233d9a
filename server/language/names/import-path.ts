import { nearestName } from '../../base/nearest-name.ts';
import { uriFrom } from '../../base/uris.ts';
import type { StringLiteral } from '../../../grammar/syntax.ts';
import type { Problem } from '../check/diagnostics.ts';
import { libraries, libraryScheme } from '../library.ts';

/** Where the path of an import leads. */
export type ImportPath = { readonly uri: string } | { readonly problem: Problem };

/** @param importer uri of the file that imports */
export function resolveImportPath({ value, span }: StringLiteral, importer: string): ImportPath {
  if (value.startsWith(libraryScheme)) {
    const library = libraries.get(value);
    return library === undefined ? { problem: unknownLibrary(value, span) } : { uri: library };
  }
  if (!/^\.\.?\//.test(value) || !value.endsWith('.arch'))
    return {
      problem: {
        code: 'import-path',
        message:
          'The path of an import is relative and ends in .arch: `"./blocks.arch"` or `"../shared/blocks.arch"`. The blocks that come with Archlens are in `"archlens:blocks"`.',
        span,
      },
    };
  const uri = value.includes('\0') ? undefined : uriFrom(importer, value);
  if (uri !== undefined) return { uri };
  return {
    problem: {
      code: 'import-path',
      message: 'No file can have this name: it holds half a character, or an invisible one. Write it anew.',
      span,
    },
  };
}

function unknownLibrary(value: string, span: StringLiteral['span']): Problem {
  const near = nearestName(value.replace(/\.arch$/, ''), libraries.keys());
  const known = [...libraries.keys()].map((path) => `\`${path}\``).join(', ');
  return {
    code: 'import-not-found',
    message: `No library of this name comes with Archlens. ${near === undefined ? `There is ${known}.` : `Did you mean \`${near}\`?`}`,
    span,
  };
}
