import { code } from '../../../base/markdown.ts';
import { fileNameOf } from '../../../base/uris.ts';
import type { FileAnalysis } from '../../../language/analysis.ts';
import { around } from '../../../language/cursor/lookup.ts';
import { isExported } from '../../../language/exported.ts';
import { libraryPath } from '../../../language/library.ts';
import { shownName } from '../../../language/names/shown-name.ts';
import { docMarkdown } from '../../doc-markdown.ts';
import type { Session } from '../../session.ts';

/** Names that are listed of a file. */
const mostNames = 40;

/** What the file at the path of an import declares for others; undefined where there is no such path, or it leads nowhere. */
export function importHover(session: Session, analysis: FileAnalysis, offset: number): string | undefined {
  const isPath = analysis.parse.file.items.some(
    (item) => item.kind === 'import' && item.path.span.start <= offset && offset <= item.path.span.end,
  );
  const target = isPath ? around(analysis.references, offset)?.target : undefined;
  if (target === undefined) return undefined;
  const exported = session.project.module(target.uri).declarations.filter(isExported);
  const lines = exported.slice(0, mostNames).map(({ name, decl }) => {
    const [summary = ''] = (decl.doc?.text ?? '').split(/[.:]\s|[.:]?\n|[.:]$/);
    return `- ${code(shownName(name))}${summary === '' ? '' : `: ${docMarkdown(summary)}`}`;
  });
  if (exported.length > mostNames) lines.push(`- and ${exported.length - mostNames} more`);
  const library = libraryPath(target.uri);
  const title =
    library === undefined
      ? `${code(fileNameOf(target.uri))} declares`
      : `${code(library)} comes with Archlens and declares`;
  return exported.length === 0 ? undefined : [`${title}:`, '', ...lines].join('\n');
}
