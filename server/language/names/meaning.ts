import type {
  Argument,
  BlockDecl,
  CellDecl,
  InstanceDecl,
  LetDecl,
  ModelDecl,
  ParseResult,
  SpaceDecl,
  Span,
} from '../../../grammar/syntax.ts';
import type { Location, NetworkNode } from '../../network/network.ts';
import type { OpDefinition } from '../../network/op.ts';
import type { Shape } from '../../network/shape.ts';
import type { Problem } from '../check/diagnostics.ts';

/*
 * What names mean: values and tensors, the scopes of bodies, the declarations of files. Each of these types leads to the
 * others, since an op that is a value holds the names it sees, so they are one file.
 */

/** What an expression of the language evaluates to. */
export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'dims'; readonly values: readonly number[] }
  | SequenceValue
  | OpReference
  | UnknownValue;

/** Holds no unknown values: a list with one is unknown itself. */
export interface SequenceValue {
  readonly kind: 'list' | 'tuple';
  readonly elements: readonly Value[];
  /** Number of values in it at any depth: bounds the work of comparing and printing. */
  readonly size: number;
}

/** An op, block or cell as a value: an option of a `choice`, an element of a list, an argument. */
export interface OpReference {
  readonly kind: 'op';
  readonly target: Callable;
  /** Evaluated where the op is applied (they may use `channels`), with the names of where they are written. */
  readonly args: readonly Argument[];
  readonly scope: Scope;
  readonly module: Module;
  /** As written, spaces normalised: `conv(16, 3x3)`. */
  readonly text: string;
}

/**
 * A value nobody can know: an error has been reported where it arose, or (while counting) it is not decided yet.
 * Whatever is computed from it is unknown too, silently.
 */
export interface UnknownValue {
  readonly kind: 'unknown';
}

/** What a call in a flow may apply. */
export type Callable =
  | { readonly kind: 'op'; readonly definition: OpDefinition }
  | { readonly kind: 'block'; readonly decl: BlockDecl; readonly declaration: Declaration }
  | { readonly kind: 'cell'; readonly decl: CellDecl; readonly declaration: Declaration };

/** What a name of a body stands for while the body is expanded. */
export type Binding =
  | { readonly kind: 'value'; readonly value: Value }
  /** A named tensor: the output of `node`, absent after an error and where only its shape is followed, or not even that. */
  | { readonly kind: 'tensor'; readonly node: NetworkNode | undefined; readonly shape?: Shape | undefined };

/** Names of a body, inside the names of the bodies around it. File-level names are the module's. */
export class Scope {
  readonly parent: Scope | undefined;
  /** Bodies around this one: what a lookup may cost. */
  readonly depth: number;
  readonly #names = new Map<string, Binding>();

  constructor(parent?: Scope) {
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  lookup(name: string): Binding | undefined {
    let binding = this.#names.get(name);
    // A loop, since bodies nest as deep as the program's author likes.
    for (let scope = this.parent; binding === undefined && scope !== undefined; scope = scope.parent) {
      binding = scope.#names.get(name);
    }
    return binding;
  }

  set(name: string, binding: Binding): void {
    this.#names.set(name, binding);
  }

  setValue(name: string, value: Value): void {
    this.#names.set(name, { kind: 'value', value });
  }
}

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

/** A top-level declaration and what is known about it. Filled in while linking, read-only afterwards. */
export interface Declaration {
  readonly decl: LetDecl | BlockDecl | ModelDecl | InstanceDecl | SpaceDecl | CellDecl;
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

/** A place where a name (or the path of an import) stands, and the declaration it means. */
export interface Reference {
  readonly span: Span;
  readonly target: Location;
}
