import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type {
  CodeAction,
  CompletionList,
  Position,
  SelectionRange,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { format } from '../../../grammar/format/format.ts';
import { Project } from '../../../server/language/project.ts';
import { anyEdits, placed, type Edit } from '../input/edits.ts';
import { anyText } from '../input/texts.ts';
import type { Random } from '../../support/random.ts';
import { applied, edited, ensureInside, ensureTokens } from '../server/answers.ts';
import { methods, requests, type Place } from '../server/requests.ts';
import { ServerProcess } from '../server/server-process.ts';
import { ensure, ensureSame, target } from '../target.ts';
import { ensureRenamed } from './networks.ts';
import { Scratch } from './scratch.ts';

interface Step {
  readonly kind: 'open' | 'edit' | 'ask' | 'close' | 'write' | 'settle' | 'replace';
  /** Which of the files. */
  readonly file: number;
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly method: string;
  /** Shares of the text; beyond 1: outside it. */
  readonly from: number;
  readonly to: number;
  readonly isCancelled: boolean;
  readonly luck: number;
}

interface Input {
  readonly steps: readonly Step[];
}

const scratch = new Scratch();
const names = ['main.arch', 'b.arch', 'sp ace é.arch'] as const;

function anyStep(random: Random): Step {
  const kind = random.pick([
    'edit',
    'edit',
    'edit',
    'ask',
    'ask',
    'ask',
    'ask',
    'settle',
    'replace',
    'close',
    'open',
    'write',
  ] as const);
  return {
    kind,
    file: random.chance(0.7) ? 0 : random.below(names.length),
    text: ['open', 'write', 'replace'].includes(kind) ? anyText(random) : '',
    edits: kind === 'edit' ? anyEdits(random, 8) : [],
    method: kind === 'ask' ? random.pick(methods) : '',
    from: random.share() * (random.chance(0.05) ? 2 : 1),
    to: random.share(),
    isCancelled: random.chance(0.15),
    luck: random.share(),
  };
}

/** A server that is asked while texts change: no error, no silence, no place outside a text, and edits that do as they say. */
export const languageServer = target<Input>({
  name: 'language-server',
  limit: 60,
  hasState: true,
  generate: (random) => ({
    steps: [
      { ...anyStep(random), kind: 'open', file: 0, text: anyText(random) },
      ...random.times(3 + random.small(30), () => anyStep(random)),
    ],
  }),
  async check({ steps }) {
    const folder = scratch.path('workspace');
    mkdirSync(folder, { recursive: true });
    server ??= await ServerProcess.start(pathToFileURL(folder).href);
    const session = new Session(server, folder);
    try {
      for (const step of steps) await session.take(step);
      await session.settle();
      server.ensureQuiet();
      await session.closeAll();
    } catch (error) {
      // The next case has a server of its own.
      server.end();
      server = undefined;
      throw error;
    }
  },
  close: () => {
    server?.end();
    server = undefined;
    scratch.clear();
  },
});

let server: ServerProcess | undefined;
let versions = 0;

/** Documents of one client, what it asked, and what may be answered. */
class Session {
  readonly #server: ServerProcess;
  readonly #folder: string;
  readonly #open = new Map<string, TextDocument>();
  /** Failures of what is asked in between are thrown where they are waited for. */
  readonly #pending: Promise<void>[] = [];
  /** Where the last edit ended. */
  #cursor = 0;

  constructor(to: ServerProcess, folder: string) {
    this.#server = to;
    this.#folder = folder;
  }

  async take(step: Step): Promise<void> {
    const name = names[step.file % names.length]!;
    const uri = this.#uriOf(name);
    const document = this.#open.get(uri);
    switch (step.kind) {
      case 'open':
        if (document === undefined) await this.#opened(uri, step.text);
        break;
      case 'close':
        if (document !== undefined && this.#open.size > 1) await this.#closed(uri);
        break;
      case 'write':
        writeFileSync(`${this.#folder}/${name}`, step.text);
        await this.#server.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
        break;
      case 'replace':
        if (document !== undefined) await this.#change(document, [{ text: step.text }]);
        break;
      case 'edit':
        for (const edit of step.edits) await this.#edit(uri, edit);
        break;
      case 'settle':
        await this.settle();
        break;
      case 'ask':
        await this.#ask(uri, document, step);
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
    for (const [uri, { version, diagnostics }] of this.#server.diagnostics) {
      const document = this.#open.get(uri);
      if (document !== undefined && document.version === version)
        ensureInside('publishDiagnostics', diagnostics, document, nothing);
    }
  }

  async closeAll(): Promise<void> {
    for (const uri of [...this.#open.keys()]) await this.#closed(uri);
    rmSync(this.#folder, { recursive: true });
    const changes = names.map((name) => ({ uri: this.#uriOf(name), type: 3 }));
    await this.#server.notify('workspace/didChangeWatchedFiles', { changes });
  }

  #uriOf(name: string): string {
    return pathToFileURL(`${this.#folder}/${name}`).href;
  }

  async #opened(uri: string, text: string): Promise<void> {
    versions += 1;
    this.#open.set(uri, TextDocument.create(uri, 'arch', versions, text));
    await this.#server.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'arch', version: versions, text },
    });
  }

  async #closed(uri: string): Promise<void> {
    this.#open.delete(uri);
    await this.#server.notify('textDocument/didClose', { textDocument: { uri } });
  }

  async #edit(uri: string, edit: Edit): Promise<void> {
    const document = this.#open.get(uri);
    if (document === undefined) return;
    const { start, end, text } = placed(edit, document.getText(), this.#cursor);
    this.#cursor = start + text.length;
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    await this.#change(document, [{ range, text }]);
  }

  async #change(
    document: TextDocument,
    contentChanges: { range?: { start: Position; end: Position }; text: string }[],
  ): Promise<void> {
    versions += 1;
    const { uri } = document;
    // Texts that answers are compared with stay as they are.
    const copy = TextDocument.create(uri, 'arch', document.version, document.getText());
    this.#open.set(uri, TextDocument.update(copy, contentChanges, versions));
    await this.#server.notify('textDocument/didChange', {
      textDocument: { uri, version: versions },
      contentChanges,
    });
  }

  async #ask(uri: string, document: TextDocument | undefined, step: Step): Promise<void> {
    const length = document?.getText().length ?? 0;
    const offsets = [Math.floor(step.from * length), Math.floor(step.to * length)];
    const position = (offset: number): Position =>
      document === undefined || offset > length
        ? { line: offset, character: offset }
        : document.positionAt(offset);
    const [start, end] = offsets.toSorted((a, b) => a - b) as [number, number];
    const place: Place = {
      uri,
      position: position(offsets[0]!),
      range: { start: position(start), end: position(end) },
      luck: step.luck,
    };
    const build = requests[step.method];
    if (build === undefined) return;
    const texts = new Map(this.#open);
    const answer = this.#server.request(step.method, build(place), step.isCancelled);
    const checked = answer.then(async (value) => {
      // It is of the texts at the time of the question, or of those since.
      if (document === undefined || this.#open.get(uri) !== document) return;
      ensureInside(step.method, value, document, (other) => {
        const text = texts.get(other);
        return text === this.#open.get(other) ? text : undefined;
      });
      await this.#examine(step.method, value, document, place);
    });
    checked.catch(() => undefined);
    this.#pending.push(checked);
    // Sometimes the client waits: what edits promise is looked at then.
    if (step.luck < 0.6) await checked;
  }

  async #examine(
    method: string,
    answer: unknown,
    document: TextDocument,
    { position }: Place,
  ): Promise<void> {
    if (answer === null || answer === undefined) return;
    const offset = document.offsetAt(position);
    switch (method) {
      case 'textDocument/formatting':
        ensure(
          edited(document, answer as TextEdit[], 'formatting') === format(document.getText()),
          'The server formats otherwise than the formatter.',
        );
        break;
      case 'textDocument/rangeFormatting':
      case 'textDocument/onTypeFormatting':
        ensureSame(
          blackened(edited(document, answer as TextEdit[], method)),
          blackened(document.getText()),
          'Formatting a part changes more than white space.',
        );
        break;
      case 'textDocument/rename':
        this.#renamed(answer);
        break;
      case 'textDocument/codeAction':
        for (const { edit } of answer as CodeAction[])
          if (edit !== undefined) applied(edit, [...this.#open.values()], 'a code action');
        break;
      case 'textDocument/completion':
        await this.#completed(answer as CompletionList, document, offset);
        break;
      case 'textDocument/selectionRange':
        for (const each of answer as SelectionRange[]) nested(each, document);
        break;
      case 'textDocument/semanticTokens/full':
      case 'textDocument/semanticTokens/range':
        ensureTokens(answer, document);
        break;
      case 'textDocument/foldingRange':
        for (const { startLine, endLine } of answer as { startLine: number; endLine: number }[])
          ensure(
            0 <= startLine && startLine <= endLine && endLine < document.lineCount,
            'A folding range is outside its document.',
          );
        break;
      default:
    }
  }

  /** Networks keep everything but the names in the text. */
  #renamed(edit: WorkspaceEdit): void {
    const documents = [...this.#open.values()];
    const before = new Map(documents.map((each) => [each.uri, each.getText()]));
    const after = applied(edit, documents, 'a rename');
    ensureRenamed(
      projectOver(after),
      projectOver(before),
      documents.map(({ uri }) => uri),
    );
  }

  async #completed(list: CompletionList, document: TextDocument, offset: number): Promise<void> {
    for (const { textEdit, label } of list.items) {
      if (textEdit === undefined || !('range' in textEdit)) continue;
      const { start, end } = textEdit.range;
      ensure(
        start.line === end.line && document.offsetAt(start) <= offset && offset <= document.offsetAt(end),
        'A completion replaces something elsewhere.',
        () => label,
      );
    }
    const item = list.items[offset % Math.max(1, list.items.length)];
    if (item !== undefined) await this.#server.request('completionItem/resolve', item);
  }
}

/** Places in other documents may be of an earlier text of theirs. */
const nothing = (): undefined => undefined;

function blackened(text: string): string {
  return text.replaceAll(/[\s\ufeff]+/g, '');
}

function nested(range: SelectionRange, document: TextDocument): void {
  for (let inner = range; inner.parent !== undefined; inner = inner.parent) {
    const { start, end } = inner.parent.range;
    ensure(
      document.offsetAt(start) <= document.offsetAt(inner.range.start) &&
        document.offsetAt(inner.range.end) <= document.offsetAt(end),
      'A selection range is not inside its parent.',
    );
  }
}

function projectOver(texts: ReadonlyMap<string, string>): Project {
  return new Project({ read: (uri) => texts.get(uri) });
}
