import { formatInteger } from '../../base/quantities.ts';
import type { ImportDecl, Item, ParseResult, Span } from '../../../grammar/syntax.ts';
import { countWhere } from '../../base/bisect.ts';
import type { Problem } from '../check/diagnostics.ts';
import { evaluate, type Environment } from '../values/evaluate.ts';
import { declarationsOf, failureOf, firstProblem, isExported, pathText, unknownExport } from '../exported.ts';
import { cycleThrough, stronglyConnected } from '../../base/graph.ts';
import { choiceOutsideSpace } from '../check/problems.ts';
import {
  type Declaration,
  type FileName,
  type Module,
  type Reference,
  Scope,
  type Value,
} from './meaning.ts';
import type { ImportTarget } from './import-target.ts';
import { type ChoiceMark, resolveDeclaration } from './resolve.ts';
import { Comparisons } from '../../base/nearest-name.ts';
import { kindOf } from './templates.ts';
import { unknown } from '../values/values.ts';
import { Work } from '../work.ts';

/** A parsed file and where its imports lead. */
export interface ParsedFile {
  readonly uri: string;
  readonly text: string;
  readonly parse: ParseResult;
  readonly imports: readonly ResolvedImport[];
}

export interface ResolvedImport {
  readonly decl: ImportDecl;
  /** Absent: the path is missing or no path. */
  readonly uri?: string;
  readonly problem?: Problem;
}

type Draft = { -readonly [Key in keyof Declaration]: Declaration[Key] } & {
  readonly uses: Set<Declaration>;
  marks: readonly ChoiceMark[];
};

/** Gives every name of a file its meaning. Imported modules are linked before; expands nothing. Never throws. */
export function linkModule(file: ParsedFile, target: (uri: string) => ImportTarget): Module {
  const linker = new Linker(file);
  linker.imports(target);
  linker.declarations();
  linker.resolve();
  linker.judge();
  return linker.module();
}

/** Values computed for the lets of a file: most files take some hundreds. */
const maxWork = 2_000_000;

/** Names compared for the suggestions in a file: enough for hundreds of misspellings in what people write. */
const maxComparisons = 200_000;

class Linker {
  readonly #file: ParsedFile;
  readonly #problems: Problem[] = [];
  readonly #references: Reference[] = [];
  readonly #names = new Map<string, FileName>();
  readonly #drafts: Draft[] = [];
  readonly #choiceMarks: number[] = [];
  readonly #valueMarks: number[] = [];
  readonly #module: Module;
  /** What computing the values of its lets may still cost. */
  readonly #work = new Work(maxWork);
  readonly #comparisons = new Comparisons(maxComparisons);
  /** Keys of the problems so far; made when the value of a `let` reports one, which may be among them. */
  #known: Set<string> | undefined;

  constructor(file: ParsedFile) {
    this.#file = file;
    this.#module = {
      uri: file.uri,
      text: file.text,
      parse: file.parse,
      declarations: this.#drafts,
      names: this.#names,
      imports: file.imports.flatMap(({ uri }) => (uri === undefined ? [] : [uri])),
      problems: this.#problems,
      references: this.#references,
      choiceMarks: this.#choiceMarks,
      valueMarks: this.#valueMarks,
    };
  }

  module(): Module {
    this.#references.sort((a, b) => a.span.start - b.span.start);
    this.#choiceMarks.sort((a, b) => a - b);
    this.#valueMarks.sort((a, b) => a - b);
    return this.#module;
  }

  imports(target: (uri: string) => ImportTarget): void {
    for (const { decl, uri, problem } of this.#file.imports) {
      if (problem !== undefined) this.#problems.push(problem);
      const found = uri === undefined ? undefined : target(uri);
      const failure = uri === undefined ? undefined : failureOf(found, decl);
      if (failure !== undefined) this.#problems.push({ ...failure, span: decl.path.span });
      const module = typeof found === 'object' && !('unreadable' in found) ? found : undefined;
      if (module !== undefined) {
        this.#references.push({
          span: decl.path.span,
          target: { uri: module.uri, span: { start: 0, end: 0 } },
        });
      }
      for (const name of decl.names) this.#importName(decl, name.name, name.span, module);
    }
  }

  #importName(decl: ImportDecl, name: string, span: Span, module: Module | undefined): void {
    if (name === '') return;
    if (this.#names.has(name)) {
      this.#problems.push({
        code: 'duplicate-name',
        message: `\`${name}\` is imported already: remove one of the two.`,
        span,
      });
      return;
    }
    if (module === undefined) {
      this.#names.set(name, undefined);
      return;
    }
    const declaration = declarationsOf(module).get(name);
    const exported = declaration !== undefined && isExported(declaration) ? declaration : undefined;
    this.#names.set(name, exported);
    if (exported === undefined) {
      this.#problems.push(unknownExport(decl, name, span, module, declaration, this.#comparisons));
      return;
    }
    this.#references.push({ span, target: { uri: module.uri, span: exported.decl.name.span } });
    if (!exported.broken) return;
    this.#problems.push({
      code: 'import-has-errors',
      message: `\`${name}\` has errors in ${pathText(decl)}: correct them there first.`,
      span,
      related: [
        {
          location: { uri: module.uri, span: firstProblem(exported) ?? exported.decl.name.span },
          message: `in \`${name}\``,
        },
      ],
    });
  }

  declarations(): void {
    const { items } = this.#file.parse.file;
    const damage = damagedItems(this.#file);
    for (const item of items) {
      if (item.kind === 'import') continue;
      const draft: Draft = {
        decl: item,
        name: item.name.name,
        module: this.#module,
        damaged: damage.has(item),
        uses: new Set<Declaration>(),
        broken: damage.has(item),
        recursive: false,
        mayChoose: false,
        makesChoosingOps: false,
        value: unknown,
        marks: [],
      };
      this.#drafts.push(draft);
      if (draft.name === '') continue;
      const first = this.#names.get(draft.name);
      if (!this.#names.has(draft.name)) {
        this.#names.set(draft.name, draft);
        this.#references.push({
          span: item.name.span,
          target: { uri: this.#file.uri, span: item.name.span },
        });
        continue;
      }
      draft.broken = true;
      const imported = first?.module !== this.#module;
      this.#problems.push({
        code: 'duplicate-name',
        message: imported
          ? `\`${draft.name}\` is imported already: choose another name.`
          : `There is a ${kindOf(first.decl)} \`${draft.name}\` already: choose another name.`,
        span: item.name.span,
        ...(first === undefined || imported
          ? {}
          : {
              related: [
                {
                  location: { uri: this.#file.uri, span: first.decl.name.span },
                  message: `\`${draft.name}\` is declared here`,
                },
              ],
            }),
      });
    }
  }

  resolve(): void {
    const lost = lostNames(this.#file, this.#names);
    for (const draft of this.#drafts) {
      const { problems, references, marks, uses, usesFailedImport } = resolveDeclaration(
        draft,
        this.#names,
        this.#comparisons,
      );
      draft.broken ||= usesFailedImport;
      for (const declaration of uses) draft.uses.add(declaration);
      this.#references.push(...references);
      draft.marks = marks;
      if (draft.damaged) continue;
      for (const problem of problems) {
        // A declaration that could not be parsed is not missing: its syntax error says enough.
        if (problem.code === 'unknown-name' && lost.has(textAt(this.#file, problem.span)))
          draft.broken = true;
        else {
          this.#problems.push(problem);
          draft.broken ||= (problem.severity ?? 'error') === 'error';
        }
      }
    }
  }

  /** Finds cycles; then, used declarations first, what is broken, where choices are, and the values of lets. */
  judge(): void {
    const own = new Map<Declaration, Draft>(this.#drafts.map((draft) => [draft, draft]));
    const uses = (draft: Draft): Draft[] =>
      [...draft.uses].flatMap((used) => {
        const mine = own.get(used);
        return mine === undefined ? [] : [mine];
      });
    for (const component of stronglyConnected(this.#drafts, uses)) {
      const [first] = component;
      const recursive = component.length > 1 || first!.uses.has(first!);
      if (recursive) this.#recursion(component, uses);
      for (const draft of component) {
        draft.recursive = recursive;
        draft.broken ||= recursive || [...draft.uses].some((used) => used.broken);
        for (const { offset, at, inValue } of draft.marks) {
          if (at === 'value') {
            this.#valueMarks.push(offset);
          } else if (at === 'choice' || at.mayChoose || at.makesChoosingOps) {
            this.#choiceMarks.push(offset);
            draft.mayChoose = true;
            draft.makesChoosingOps ||= inValue;
          }
        }
        if (!recursive) this.#evaluateLet(draft);
      }
    }
  }

  /** One problem a cycle, at its first declaration in the text. */
  #recursion(component: readonly Draft[], uses: (draft: Draft) => Draft[]): void {
    const [first] = component.toSorted((a, b) => a.decl.span.start - b.decl.span.start);
    const members = new Set(component);
    const cycle = cycleThrough(first!, (draft) => uses(draft).filter((used) => members.has(used))) ?? [
      first!,
    ];
    if (first!.damaged) return;
    const names = cycle.length > 8 ? [...cycle.slice(0, 6), undefined, ...cycle.slice(-1)] : cycle;
    const kind = kindOf(first!.decl);
    this.#problems.push({
      code: 'recursion',
      message: `${kind === 'let' ? 'A let cannot use itself' : `A ${kind} cannot contain itself`}: ${names.map((draft) => draft?.name ?? '…').join(' → ')}. Use \`repeat\` to do something several times.`,
      span: first!.decl.name.span,
      related: cycle.slice(1, -1).map((draft) => ({
        location: { uri: this.#file.uri, span: draft.decl.name.span },
        message: `through \`${draft.name}\``,
      })),
    });
  }

  #evaluateLet(draft: Draft): void {
    const { decl } = draft;
    if (decl.kind !== 'let') return;
    const env: Environment = {
      module: this.#module,
      scope: new Scope(),
      work: this.#work,
      context: () => undefined,
      choose: (call): Value => {
        env.report(choiceOutsideSpace(call.span, 'file'));
        return unknown;
      },
      report: (problem) => {
        draft.broken = true;
        const key = problemKey(problem);
        this.#known ??= new Set(this.#problems.map(problemKey));
        if (draft.damaged || this.#known.has(key)) return;
        this.#known.add(key);
        this.#problems.push(problem);
      },
    };
    const hadEnough = !this.#work.spend(0);
    draft.value = evaluate(decl.value, env);
    if (!hadEnough && this.#work.exhausted) {
      env.report({
        code: 'too-many-steps',
        message: `The values of this file take more than ${formatInteger(maxWork)} steps to compute: use smaller lists, or fewer of them.`,
        span: decl.name.span,
      });
    }
    // A hole left by the parser, or the value of a broken let.
    if (draft.value.kind === 'unknown') draft.broken = true;
  }
}

function problemKey({ code, span }: Problem): string {
  return `${code} ${span.start} ${span.end}`;
}

function textAt(file: ParsedFile, span: Span): string {
  return file.text.slice(span.start, span.end);
}

/**
 * Items with a syntax error inside or right behind them (a missing brace is noticed at the next token): what they say is
 * not what the user means, so nothing else is reported about them.
 */
function damagedItems({ text, parse }: ParsedFile): ReadonlySet<Item> {
  const damaged = new Set<Item>();
  const { items } = parse.file;
  const blanks = /\s*/y;
  for (const { span } of parse.problems) {
    const { start } = span;
    const at = countWhere(items, (item) => item.span.start <= start) - 1;
    // A problem at the beginning of a declaration may also be right behind the one before.
    for (const item of items.slice(Math.max(0, items[at]?.span.start === start ? at - 1 : at), at + 1)) {
      blanks.lastIndex = item.span.end;
      blanks.test(text);
      if (start < item.span.end || start <= blanks.lastIndex) damaged.add(item);
    }
  }
  return damaged;
}

/** Names the text declares but the tree does not, because of syntax errors. */
function lostNames({ text, parse }: ParsedFile, names: ReadonlyMap<string, FileName>): ReadonlySet<string> {
  const lost = new Set<string>();
  if (parse.problems.length === 0) return lost;
  for (const [, name] of text.matchAll(/\b(?:block|cell|let|model|space)\s+([A-Za-z_]\w*)/g)) {
    if (!names.has(name!)) lost.add(name!);
  }
  for (const [, list] of text.matchAll(/\bimport\s*\{?([^}"]*)/g)) {
    for (const [name] of list!.matchAll(/[A-Za-z_]\w*/g)) if (!names.has(name)) lost.add(name);
  }
  return lost;
}
