import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Position, PrepareRenameResult, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { countWhere } from '../../../base/bisect.ts';
import { fileNameOf } from '../../../base/uris.ts';
import type { Span } from '../../../../grammar/syntax.ts';
import { KEYWORDS } from '../../../../grammar/tokens.ts';
import { Project } from '../../../language/project.ts';
import { libraryPath } from '../../../language/library.ts';
import { isContextName, isOftenHidden } from '../../../language/values/builtins.ts';
import { functions } from '../../../language/values/functions.ts';
import { declaredNames } from '../../../language/names/declared-names.ts';
import type { Module, Reference } from '../../../language/names/meaning.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { Location } from '../../../network/network.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import { tokenAt } from '../../../language/cursor/syntax-search.ts';
import { nameAt, usesIn } from '../../uses.ts';

type Refusal = ResponseError;

const keywords = new Set(KEYWORDS.map(({ LABEL }) => LABEL));

/** The name that would be renamed, or why it cannot be. */
export function prepareRename(
  session: Session,
  opened: Opened,
  position: Position,
): PrepareRenameResult | Refusal {
  const { document, analysis } = opened;
  const found = nameAt(session, opened, position);
  if (found !== undefined) {
    const library = libraryPath(found.target.uri);
    return library === undefined
      ? { range: rangeOf(document, found.span), placeholder: found.declared.name }
      : refuse(
          `\`${found.declared.name}\` is of ${library}, which comes with Archlens: copy what you want to change to a file of your own.`,
        );
  }
  const token = tokenAt(analysis.parse.tokens, document.offsetAt(position));
  const word = token === undefined ? '' : analysis.text.slice(token.span.start, token.span.end);
  const known = partOfLanguage(word);
  return refuse(
    known === undefined
      ? 'There is no declared name here: only models, spaces, blocks, cells, parameters, values, loop variables and tensors can be renamed.'
      : `\`${word}\` is ${known}: only declared names can be renamed.`,
  );
}

/** The edits of all files that use the name, or why renaming would change what the text means. */
export async function rename(
  session: Session,
  opened: Opened,
  position: Position,
  newName: string,
): Promise<WorkspaceEdit | Refusal> {
  const prepared = prepareRename(session, opened, position);
  if (prepared instanceof ResponseError) return prepared;
  const found = nameAt(session, opened, position)!;
  if (newName === found.declared.name) return { changes: {} };
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName))
    return refuse(
      `\`${newName}\` is no name: names consist of letters, digits and _, and start with no digit.`,
    );
  const taken = partOfLanguage(newName);
  if (taken !== undefined) return refuse(`\`${newName}\` is ${taken}: choose another name.`);

  const modules = await session.workspace.modules();
  const uses = usesIn(modules, found.target);
  const edited = editedTexts(modules, uses, newName);
  const clash = firstClash(modules, edited, newName);
  if (clash !== undefined) return refuse(clash);
  const changes = new Map<string, TextEdit[]>();
  for (const { uri, span } of uses) {
    const file = session.textOf(uri);
    const edits = changes.get(file.uri) ?? [];
    changes.set(file.uri, edits);
    edits.push({ range: rangeOf(file, span), newText: newName });
  }
  return { changes: Object.fromEntries(changes) };
}

function refuse(message: string): Refusal {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** `an op of the language`, for what is no name to be given. */
function partOfLanguage(word: string): string | undefined {
  if (keywords.has(word)) return 'a keyword of the language';
  if (opRegistry.has(word)) return 'an op of the language';
  if (functions.has(word)) return 'a function of the language';
  return isContextName(word) && !isOftenHidden(word) ? 'a name with a meaning of its own' : undefined;
}

/** A file after renaming. */
interface EditedText {
  readonly text: string;
  /** Where a span of the old text is in the new one. */
  readonly moved: (span: Span) => Span;
}

function editedTexts(
  modules: readonly Module[],
  uses: readonly Location[],
  newName: string,
): ReadonlyMap<string, EditedText> {
  const edited = new Map<string, EditedText>();
  for (const { uri, text } of modules) {
    const spans = uses.filter((use) => use.uri === uri).map(({ span }) => span);
    if (spans.length === 0) continue;
    const pieces: string[] = [];
    let from = 0;
    for (const { start, end } of spans) {
      pieces.push(text.slice(from, start), newName);
      from = end;
    }
    // In the order of the text, and each as long as the old name.
    const longer = newName.length - (spans[0]!.end - spans[0]!.start);
    const shift = (offset: number): number => offset + longer * countWhere(spans, ({ end }) => end <= offset);
    edited.set(uri, {
      text: [...pieces, text.slice(from)].join(''),
      moved: ({ start, end }) => ({ start: shift(start), end: shift(end) }),
    });
  }
  return edited;
}

/** The first name whose meaning would change, found by resolving all names anew. */
function firstClash(
  modules: readonly Module[],
  edited: ReadonlyMap<string, EditedText>,
  newName: string,
): string | undefined {
  const texts = new Map(modules.map(({ uri, text }) => [uri, edited.get(uri)?.text ?? text]));
  const after = new Project({ read: (uri) => texts.get(uri) });
  for (const before of modules) {
    if (!edited.has(before.uri) && !before.imports.some((uri) => edited.has(uri))) continue;
    const moved = ({ uri, span }: Location): string => {
      const { start, end } = edited.get(uri)?.moved(span) ?? span;
      return `${uri} ${start} ${end}`;
    };
    const old = new Set(
      before.references.map(({ span, target }) => `${moved({ uri: before.uri, span })} ${moved(target)}`),
    );
    const now = after.module(before.uri).references;
    const text = ({ span, target }: Reference): string =>
      `${before.uri} ${span.start} ${span.end} ${target.uri} ${target.span.start} ${target.span.end}`;
    if (now.length !== before.references.length || now.some((reference) => !old.has(text(reference))))
      return clashMessage(before, newName);
  }
  return undefined;
}

function clashMessage({ uri, text, names, parse }: Module, newName: string): string {
  const file = fileNameOf(uri);
  const declared = [...declaredNames(parse.file).values()].find(({ name }) => name === newName);
  if (declared !== undefined) {
    const line = text.slice(0, declared.span.start).split('\n').length;
    return `\`${newName}\` is a ${declared.kind} already (${file}, line ${line}): choose another name.`;
  }
  return names.has(newName)
    ? `${file} imports another \`${newName}\` already: choose another name.`
    : `\`${newName}\` would change what other names in ${file} mean: choose another name.`;
}
