import { countWhere } from '../../base/bisect.ts';
import type {
  BlockDecl,
  CellDecl,
  LetDecl,
  ModelDecl,
  ParseResult,
  SpaceDecl,
  Span,
} from '../../../grammar/syntax.ts';
import type { Location } from '../../network/network.ts';
import type { Problem } from '../check/diagnostics.ts';
import type { Value } from '../values/values.ts';

/** A file whose names are resolved. */
export interface Module {
  readonly uri: string;
  readonly text: string;
  readonly parse: ParseResult;
  /** Own declarations in source order, including those whose name is taken already. */
  readonly declarations: readonly Declaration[];
  /** What a file-level name means here: own declarations before imported ones. */
  readonly names: ReadonlyMap<string, FileName>;
  /** Files imported, resolved; also those that do not exist. */
  readonly imports: readonly string[];
  /** Everything wrong that can be seen without expanding: names, arguments, cycles, imports, file-level lets. */
  readonly problems: readonly Problem[];
  /** Uses of names, in source order. */
  readonly references: readonly Reference[];
  /** Where evaluation may meet a `choice`: offsets of choices and of uses of declarations that have some, ascending. */
  readonly choiceMarks: readonly number[];
  /**
   * Where an op that is a value of the body (a parameter, a let) is applied or passed on, ascending: there is a choice
   * behind it if that op has one.
   */
  readonly valueMarks: readonly number[];
}

/** A file that is there and cannot be read. */
export interface Unreadable {
  /** Why, as the end of a sentence without its full stop. */
  readonly unreadable: string;
}

/** What an import leads to, found by the project; undefined where there is no file. */
export type ImportTarget = Module | Unreadable | 'cycle' | undefined;

/** A top-level declaration and what is known about it. Filled in while linking, read-only afterwards. */
export interface Declaration {
  readonly decl: LetDecl | BlockDecl | ModelDecl | SpaceDecl | CellDecl;
  readonly name: string;
  readonly module: Module;
  /** A syntax error lies inside: expanding it would report consequences of that error. */
  readonly damaged: boolean;
  /** Declarations it mentions. */
  readonly uses: ReadonlySet<Declaration>;
  /** Damaged, or something is wrong in it or in what it uses: an error is reported in its own file. */
  readonly broken: boolean;
  /** It uses itself, directly or through others: it is never expanded. */
  readonly recursive: boolean;
  /** Whether expanding it may meet a `choice` of its own, not counting those of ops it is given. */
  readonly mayChoose: boolean;
  /** Whether it makes values of ops that have choices, for instance as an argument: `Skeleton(Nb201Cell)`. */
  readonly makesChoosingOps: boolean;
  /** Of a `let`. */
  readonly value: Value;
}

/** `undefined`: the import failed, which has been reported, so uses of the name stay silent. */
export type FileName = Declaration | undefined;

export interface Reference {
  readonly span: Span;
  readonly target: Location;
}

/** Whether something in the span may meet a `choice`: calls `choice`, or mentions a block or cell that does. */
export function mayChoose(module: Module, span: Span): boolean {
  return hasMark(module.choiceMarks, span);
}

/** The same, if ops that are values may have choices. */
export function mayChooseWithValues(module: Module, span: Span): boolean {
  return hasMark(module.choiceMarks, span) || hasMark(module.valueMarks, span);
}

function hasMark(marks: readonly number[], span: Span): boolean {
  const mark = marks[countWhere(marks, (each) => each < span.start)];
  return mark !== undefined && mark < span.end;
}
