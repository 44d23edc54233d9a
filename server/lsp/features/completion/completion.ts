import { CompletionItemKind, CompletionTriggerKind, InsertTextFormat } from 'vscode-languageserver/node';
import type {
  CompletionItem,
  CompletionList,
  CompletionParams,
  InitializeParams,
} from 'vscode-languageserver/node';
import type { Span } from '../../../../grammar/syntax.ts';
import { needsTensors } from '../../../network/op.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import { isParametric } from '../../../language/names/templates.ts';
import { cursorAt } from '../../../language/cursor/cursor.ts';
import type { Cursor } from '../../../language/cursor/cursor.ts';
import { optionsOf } from '../../../protocol/protocol.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import { detailsOf } from './details.ts';
import { currentShape, widthOf } from './current-shape.ts';
import { cellEdges } from './edges.ts';
import { genotypeSuggestions } from './genotype.ts';
import { foreignNames, importNames, importPaths } from './imports.ts';
import { plainText, ranks } from './item.ts';
import type { Details, Suggestion } from './item.ts';
import { choiceKeyword, declarationKeywords, flowKeywords, keyword, statementKeywords } from './keywords.ts';
import { builtins, fileNames, locals, ops, opValues } from './names.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';
import { argumentNames, argumentValues, statementValues } from './values.ts';
import type { Callee } from './values.ts';

/** A space asks only where the list is what one wants: behind an arrow or an equals sign. */
export const completionTriggers = ['(', '"', '/', '|', '~', ' '] as const;

interface Found {
  readonly suggestions: readonly Suggestion[];
  readonly incomplete?: boolean;
  /** What is replaced, where that is not the word at the cursor. */
  readonly span?: Span;
}

const none: Found = { suggestions: [] };

/** What may be written at the cursor, from the texts and shapes alone. */
export class Completions {
  readonly #session: Session;
  #snippets = false;
  #insertReplace = false;
  /** The client knows VS Code's commands. */
  #clientCommands = false;

  constructor(session: Session) {
    this.#session = session;
  }

  initialize(client: InitializeParams): void {
    this.#clientCommands = optionsOf(client).clientCommands === true;
    const item = client.capabilities.textDocument?.completion?.completionItem;
    this.#snippets = item?.snippetSupport === true;
    this.#insertReplace = item?.insertReplaceSupport === true;
  }

  answer(opened: Opened, { position, context }: CompletionParams): CompletionList | null {
    const { document, analysis } = opened;
    const cursor = cursorAt(analysis.text, analysis.parse, document.offsetAt(position));
    // What begins with a digit can only become a number or a size.
    if (/^\d/.test(cursor.prefix) && cursor.within === 'code' && !/^\d+x?\d*$/.test(cursor.prefix))
      return null;
    const place = placeOf(cursor);
    const typed =
      context?.triggerKind === CompletionTriggerKind.TriggerCharacter ? context.triggerCharacter : undefined;
    if (!wanted(typed, place, cursor)) return null;
    const { suggestions, incomplete = false, span = cursor.word } = this.#suggestions(opened, cursor, place);
    return {
      isIncomplete: incomplete,
      items: suggestions.map((suggestion, index) => this.#item(opened, cursor, span, suggestion, index)),
    };
  }

  resolve(item: CompletionItem): CompletionItem {
    const details = item.data as Details | undefined;
    const value = details === undefined ? undefined : detailsOf(this.#session, details);
    return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
  }

  #suggestions(opened: Opened, cursor: Cursor, place: Place): Found {
    const session = this.#session;
    const { text } = opened.analysis;
    switch (place.kind) {
      case 'nothing':
        return none;
      case 'declaration':
        return { suggestions: declarationKeywords() };
      case 'keyword':
        return {
          suggestions: place.words.map((word) => ({ ...keyword(word, word !== 'if'), rank: ranks.expected })),
        };
      case 'statement':
        return join(
          this.#flow(opened, cursor, true),
          statementKeywords(cursor, text, place.more),
          choiceKeyword(cursor.declaration),
        );
      case 'flow':
        return join(this.#flow(opened, cursor, place.first), flowKeywords(cursor));
      case 'template':
        return this.#templates(opened, cursor);
      case 'tensor':
        return { suggestions: locals(cursor, ({ kind }) => kind === 'tensor') };
      case 'value':
        return join(
          this.#values(opened, cursor, place.of === 'constraint'),
          statementValues(place.of),
          this.#assertion(opened, cursor, place.of),
        );
      case 'argument':
        return this.#argument(opened, cursor, place);
      case 'import-name':
        return { suggestions: importNames(session, opened, cursor) };
      case 'import-path':
        return { suggestions: importPaths(session, opened), span: inner(text, place.span) };
      case 'genotype': {
        const { start } = inner(text, place.span);
        const before = text.slice(start, cursor.offset).replace(/\w*$/, '');
        const from = start + before.length;
        const end = cursor.offset + /^\w*/.exec(text.slice(cursor.offset))![0].length;
        return { suggestions: genotypeSuggestions(before), span: { start: from, end } };
      }
      case 'edge':
      case 'edge-target':
        return { suggestions: cellEdges(cursor, place) };
    }
  }

  /** Elements of a flow: ops, blocks, cells, and tensors at its start. */
  #flow(opened: Opened, cursor: Cursor, first: boolean): Found {
    const called = isCalled(opened, cursor);
    const shape = currentShape(opened.analysis, cursor);
    const width = widthOf(shape);
    const module = this.#session.project.module(opened.analysis.uri);
    const foreign = foreignNames(this.#session, opened, 'flow', called, width);
    return {
      suggestions: [
        ...locals(cursor, ({ kind }) => kind === 'parameter' || (kind === 'tensor' && first)),
        ...fileNames(module, selfOf(opened, cursor), 'flow', called, width),
        ...ops(shape, called),
        ...foreign.suggestions,
      ],
      incomplete: foreign.incomplete,
    };
  }

  /** What a model can be made of. */
  #templates(opened: Opened, cursor: Cursor): Found {
    const called = isCalled(opened, cursor);
    const module = this.#session.project.module(opened.analysis.uri);
    const foreign = foreignNames(this.#session, opened, 'template', called, undefined);
    const suggestions = fileNames(module, cursor.before.at(-2), 'template', called, undefined);
    return { suggestions: [...suggestions, ...foreign.suggestions], incomplete: foreign.incomplete };
  }

  #values(opened: Opened, cursor: Cursor, inConstraint: boolean): Found {
    const called = isCalled(opened, cursor);
    const module = this.#session.project.module(opened.analysis.uri);
    const foreign = foreignNames(this.#session, opened, 'value', called, undefined);
    return {
      suggestions: [
        ...locals(cursor, ({ kind }) => kind !== 'tensor'),
        ...builtins(inConstraint, called),
        ...fileNames(module, selfOf(opened, cursor), 'value', called, undefined),
        ...choiceKeyword(cursor.declaration),
        ...opValues(),
        ...foreign.suggestions,
      ],
      incomplete: foreign.incomplete,
    };
  }

  /** `: 16x16x32`, the shape as it is. */
  #assertion({ analysis }: Opened, cursor: Cursor, of: string): readonly Suggestion[] {
    const shape = of === ':' ? currentShape(analysis, cursor) : undefined;
    return shape === undefined
      ? []
      : [
          {
            label: shape.length === 3 ? [shape[1], shape[2], shape[0]].join('x') : shape.join('x'),
            kind: CompletionItemKind.Value,
            rank: ranks.expected,
            description: 'as it is',
          },
        ];
  }

  #argument(opened: Opened, cursor: Cursor, place: Extract<Place, { kind: 'argument' }>): Found {
    const { call, name, whole } = place;
    const isLocal = cursor.locals.some((local) => local.name === call.head);
    const names = this.#session.project.module(opened.analysis.uri).names;
    const decl = names.get(call.head)?.decl;
    const op = names.has(call.head) || isLocal ? undefined : opRegistry.get(call.head);
    // Operands of `add(x)` are tensors.
    const tensors =
      op?.extraInputs === undefined
        ? []
        : locals(cursor, ({ kind }) => kind === 'tensor' && name === undefined);
    if (op !== undefined && needsTensors(op) && op.args.length === 0) return { suggestions: tensors };
    const callee: Callee | undefined =
      op !== undefined
        ? { kind: 'op', op }
        : isParametric(decl) && !isLocal
          ? { kind: 'declared', decl }
          : undefined;
    const values = this.#values(opened, cursor, cursor.before.includes('constraint'));
    if (callee === undefined || !whole) return values;
    const legal = argumentValues(callee, call, name);
    const listed = new Set(legal.map(({ label }) => label));
    return join(
      {
        ...values,
        // Ops are no arguments of ops.
        suggestions: values.suggestions.filter(
          ({ label, details }) => !listed.has(label) && !(op !== undefined && details?.of === 'op'),
        ),
      },
      legal,
      tensors,
      name === undefined ? argumentNames(callee, call) : [],
    );
  }

  #item(
    { document }: Opened,
    { offset, word, within }: Cursor,
    span: Span,
    suggestion: Suggestion,
    index: number,
  ): CompletionItem {
    const {
      label,
      kind,
      rank,
      signature,
      description,
      insert,
      filter,
      documentation,
      details,
      edits,
      preselect,
      again,
    } = suggestion;
    const { snippet } = suggestion;
    const asSnippet = this.#snippets && snippet !== undefined;
    const newText = asSnippet ? snippet : snippet === undefined ? (insert ?? label) : plainText(snippet);
    const whole = within === 'code' ? word : span;
    const end = within === 'code' ? offset : span.end;
    const range = rangeOf(document, { start: span.start, end: Math.max(span.start, end) });
    const replace = rangeOf(document, { start: span.start, end: Math.max(span.start, whole.end) });
    return {
      label,
      kind,
      sortText: `${rank}${String(index).padStart(4, '0')}`,
      ...(signature === undefined && description === undefined
        ? {}
        : {
            labelDetails: {
              ...(signature === undefined ? {} : { detail: signature }),
              ...(description === undefined ? {} : { description }),
            },
          }),
      ...(filter === undefined ? {} : { filterText: filter }),
      ...(asSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
      textEdit: this.#insertReplace ? { newText, insert: range, replace } : { newText, range },
      ...(edits === undefined ? {} : { additionalTextEdits: [...edits] }),
      ...(documentation === undefined ? {} : { documentation: { kind: 'markdown', value: documentation } }),
      ...(preselect === true ? { preselect } : {}),
      ...(details === undefined ? {} : { data: details }),
      ...(again === true && this.#clientCommands
        ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } }
        : {}),
    };
  }
}

function join(
  { suggestions, incomplete = false }: Found,
  ...more: readonly (readonly Suggestion[])[]
): Found {
  return { suggestions: [...suggestions, ...more.flat()], incomplete };
}

/** Whether a typed character opens a list here. */
function wanted(typed: string | undefined, place: Place, { before, within }: Cursor): boolean {
  switch (typed) {
    case undefined:
      return true;
    case ' ':
      return (
        within === 'code' &&
        (place.kind === 'flow' ||
          place.kind === 'edge-target' ||
          (place.kind === 'argument' && before.at(-1) === '=') ||
          (place.kind === 'value' && ['input', 'classes'].includes(before.at(-1) ?? '')))
      );
    case '"':
    case '/':
      return place.kind === 'import-path' || place.kind === 'genotype';
    case '|':
    case '~':
      return place.kind === 'genotype';
    default:
      return place.kind === 'argument';
  }
}

/** Whether parentheses follow already. */
function isCalled({ analysis }: Opened, { word }: Cursor): boolean {
  return analysis.text[word.end] === '(';
}

/** The block or cell around the cursor, which cannot be used in itself. */
function selfOf({ analysis }: Opened, { groups }: Cursor): string | undefined {
  const brace = groups[1]?.start ?? 0;
  const before = analysis.text.slice(Math.max(0, brace - 2000), brace);
  return /(?:block|cell)\s+(\w+)[^{}]*$/.exec(before)?.[1];
}

/** A string without its quotes; the closing one may be missing. */
function inner(text: string, { start, end }: Span): Span {
  const closed = end - start > 1 && text[end - 1] === '"';
  return { start: start + 1, end: closed ? end - 1 : end };
}
