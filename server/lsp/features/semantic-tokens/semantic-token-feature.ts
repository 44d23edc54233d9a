import { SemanticTokensBuilder } from 'vscode-languageserver/node';
import type { Range, SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver/node';
import { isContextName } from '../../../language/values/builtins.ts';
import { functions } from '../../../language/values/functions.ts';
import { declaredNames } from '../../../language/names/declared-names.ts';
import type { DeclaredKind } from '../../../language/names/declared-names.ts';
import { isWord } from '../../../language/values/evaluate.ts';
import { around } from '../../../language/cursor/lookup.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { Token } from '../../../../grammar/syntax.ts';
import { sameUri } from '../../../base/uris.ts';
import type { Feature } from '../../feature.ts';
import type { Opened, Session } from '../../session.ts';
import { declaredAt } from '../../uses.ts';

const types = [
  'class',
  'enum',
  'function',
  'struct',
  'variable',
  'parameter',
  'property',
  'enumMember',
] as const;
const modifiers = ['declaration', 'readonly', 'defaultLibrary'] as const;

interface Look {
  readonly type: (typeof types)[number];
  readonly modifiers: readonly (typeof modifiers)[number][];
}

const looks: Readonly<Record<DeclaredKind, Look>> = {
  model: { type: 'class', modifiers: [] },
  space: { type: 'enum', modifiers: [] },
  block: { type: 'function', modifiers: [] },
  cell: { type: 'struct', modifiers: [] },
  let: { type: 'variable', modifiers: ['readonly'] },
  'local let': { type: 'variable', modifiers: ['readonly'] },
  parameter: { type: 'parameter', modifiers: [] },
  'loop variable': { type: 'variable', modifiers: [] },
  tensor: { type: 'variable', modifiers: [] },
};

/** The last result of a document. The builder's own ids are times, which two results may share. */
interface Sent {
  readonly builder: SemanticTokensBuilder;
  readonly resultId: string;
}

/** What every name stands for; keywords, numbers and comments are left to the grammar of the editor. */
export class SemanticTokenFeature implements Feature {
  readonly capabilities = {
    semanticTokensProvider: {
      legend: { tokenTypes: [...types], tokenModifiers: [...modifiers] },
      full: { delta: true },
      range: true,
    },
  };
  readonly #session: Session;
  /** Remembers what the editor has, so that only the difference is sent. */
  readonly #sent = new Map<string, Sent>();
  #count = 0;

  constructor(session: Session) {
    this.#session = session;
    session.documents.onChange(({ uri, kind }) => {
      if (kind === 'closed') this.#sent.delete(sameUri(uri));
    });
  }

  listen(): void {
    const { semanticTokens } = this.#session.connection.languages;
    semanticTokens.on(this.#session.about('Semantic tokens', (opened) => this.#full(opened)));
    semanticTokens.onDelta(
      this.#session.about('Semantic tokens', (opened, { previousResultId }) =>
        this.#delta(opened, previousResultId),
      ),
    );
    semanticTokens.onRange(
      this.#session.about('Semantic tokens', (opened, { range }) => this.#range(opened, range)),
    );
  }

  #full(opened: Opened): SemanticTokens {
    const { builder, resultId } = this.#next(opened);
    return { ...builder.build(), resultId };
  }

  #delta(opened: Opened, previous: string): SemanticTokens | SemanticTokensDelta {
    const { builder, resultId } = this.#next(opened, previous);
    return { ...builder.buildEdits(), resultId };
  }

  #range(opened: Opened, range: Range): SemanticTokens {
    const builder = new SemanticTokensBuilder();
    this.#push(builder, opened, range);
    return { data: builder.build().data };
  }

  /** The tokens as they are, over those that the editor says it has, where these are known. */
  #next(opened: Opened, previous?: string): Sent {
    const uri = sameUri(opened.document.uri);
    const sent = this.#sent.get(uri);
    const builder = sent?.builder ?? new SemanticTokensBuilder();
    builder.previousResult(sent !== undefined && sent.resultId === previous ? builder.id : '');
    this.#push(builder, opened);
    this.#count += 1;
    const next = { builder, resultId: String(this.#count) };
    this.#sent.set(uri, next);
    return next;
  }

  #push(builder: SemanticTokensBuilder, opened: Opened, range?: Range): void {
    const { document, analysis } = opened;
    const from = range === undefined ? 0 : document.offsetAt(range.start);
    const to = range === undefined ? Infinity : document.offsetAt(range.end);
    const { tokens } = analysis.parse;
    for (const [index, token] of tokens.entries()) {
      const { start, end } = token.span;
      if (token.kind !== 'name' || end <= from || start >= to) continue;
      const look = this.#look(opened, tokens, index);
      if (look === undefined) continue;
      const { line, character } = document.positionAt(start);
      const bits = look.modifiers.reduce((set, modifier) => set | (1 << modifiers.indexOf(modifier)), 0);
      builder.push(line, character, end - start, types.indexOf(look.type), bits);
    }
  }

  #look({ analysis }: Opened, tokens: readonly Token[], index: number): Look | undefined {
    const { references, text, uri } = analysis;
    const { start, end } = tokens[index]!.span;
    const reference = around(references, start);
    if (reference?.span.start === start) {
      const { target } = reference;
      const declared =
        target.uri === uri
          ? declaredNames(analysis.parse.file).get(target.span.start)
          : declaredAt(this.#session, target);
      if (declared === undefined) return undefined;
      const { type, modifiers: own } = looks[declared.kind];
      const here = target.uri === uri && declared.span.start === start;
      return { type, modifiers: here ? ['declaration', ...own] : own };
    }
    const textOf = (token: Token | undefined): string =>
      token === undefined ? '' : text.slice(token.span.start, token.span.end);
    if (textOf(tokens[index + 1]) === '=' && ['(', ','].includes(textOf(tokens[index - 1])))
      return { type: 'property', modifiers: [] };
    const word = text.slice(start, end);
    if (opRegistry.has(word) || functions.has(word))
      return { type: 'function', modifiers: ['defaultLibrary'] };
    if (isContextName(word)) return { type: 'variable', modifiers: ['readonly', 'defaultLibrary'] };
    return isWord(word) ? { type: 'enumMember', modifiers: ['defaultLibrary'] } : undefined;
  }
}
