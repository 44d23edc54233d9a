import { type SyntaxNode, walk } from '../../../grammar/walk.ts';
import { DiagnosticSink, type Diagnostic } from '../check/diagnostics.ts';
import { expandModel, type ExpandedModel } from './model.ts';
import type { Declaration } from '../names/meaning.ts';
import { moveDiagnostic, moveExpansion, type Piece, Pieces } from './moved.ts';

/** What a model expanded to, and the declarations that decide it. */
interface Kept {
  readonly pieces: readonly KeptPiece[];
  readonly expanded: ExpandedModel;
  readonly diagnostics: readonly Diagnostic[];
  /** As it was expanded: moves start there, so that they do not pile up. */
  readonly origin: Origin;
}

interface Origin {
  readonly places: readonly Omit<Piece, 'shift'>[];
  readonly expanded: ExpandedModel;
  readonly diagnostics: readonly Diagnostic[];
}

/** A model as it is in the present text. */
export interface KeptModel {
  readonly expanded: ExpandedModel;
  /** All that it is made of: itself and the declarations it uses, directly or through others. */
  readonly made: readonly Declaration[];
}

interface KeptPiece {
  readonly uri: string;
  readonly start: number;
  readonly text: string;
  /** What is known of the declaration beside its text. */
  readonly state: string;
}

/**
 * Expansions of the models of one file, kept from text to text: a model is expanded again only when its own text, or that
 * of a declaration it uses, directly or through others, has changed. Where they have only moved, so do the places.
 */
export class ExpansionCache {
  #kept = new Map<string, Kept>();

  /** Expands the models of the next text of the file; what no model of it is like is forgotten. */
  next(maxOps: number): (declaration: Declaration, sink: DiagnosticSink) => KeptModel {
    const before = this.#kept;
    const after = new Map<string, Kept>();
    this.#kept = after;
    return (declaration, sink) => {
      const used = closure(declaration);
      const known = before.get(declaration.name);
      const kept =
        (known === undefined ? undefined : moved(known, used)) ?? expand(declaration, used, maxOps);
      if (!after.has(declaration.name)) after.set(declaration.name, kept);
      for (const diagnostic of kept.diagnostics) sink.add(diagnostic);
      return { expanded: kept.expanded, made: used };
    };
  }
}

function expand(declaration: Declaration, used: readonly Declaration[], maxOps: number): Kept {
  // Of its own: what another model has reported already is reported again when that model is gone.
  const sink = new DiagnosticSink();
  const expanded = expandModel(declaration, { sink, maxOps, violation: 'warning' });
  const { diagnostics } = sink;
  const places = used.map(({ module: { uri }, decl: { span } }) => ({ uri, ...span }));
  return { pieces: used.map(pieceOf), expanded, diagnostics, origin: { places, expanded, diagnostics } };
}

function pieceOf(declaration: Declaration): KeptPiece {
  return {
    uri: declaration.module.uri,
    start: declaration.decl.span.start,
    text: textOf(declaration),
    state: stateOf(declaration),
  };
}

/** The same for the present text; `undefined` when something that decides it has changed. */
function moved(kept: Kept, used: readonly Declaration[]): Kept | undefined {
  const now = used.map(pieceOf);
  if (!kept.pieces.every((piece, index) => isLike(piece, now[index]))) return undefined;
  if (kept.pieces.length !== now.length) return undefined;
  // The pieces are those of the present text in any case: the one before can go.
  if (kept.pieces.every(({ start }, index) => start === now[index]!.start)) return { ...kept, pieces: now };
  const { origin } = kept;
  const places = new Pieces(
    origin.places.map((place, index) => ({ ...place, shift: now[index]!.start - place.start })),
  );
  return {
    pieces: now,
    expanded: moveExpansion(origin.expanded, now[0]!.uri, places),
    diagnostics: origin.diagnostics.map((diagnostic) => moveDiagnostic(diagnostic, places)),
    origin,
  };
}

function isLike({ uri, state, text }: KeptPiece, other: KeptPiece | undefined): boolean {
  return other?.uri === uri && other.state === state && other.text === text;
}

/** The declaration and all it uses, directly or through others: each once, in the order they are met. */
export function closure(declaration: Declaration): readonly Declaration[] {
  const found = new Set([declaration]);
  for (const each of found) for (const used of each.uses) found.add(used);
  return [...found];
}

function textOf({ module, decl: { span } }: Declaration): string {
  return module.text.slice(span.start, span.end);
}

/** A text means something else when a name in it does, which is broken then, or when it is cut off by an error. */
function stateOf(declaration: Declaration): string {
  const { name, damaged, broken, recursive, mayChoose, makesChoosingOps, decl } = declaration;
  // How the parser goes on after a mistake depends on the text around the declaration, too.
  const tree = damaged ? treeOf(decl) : '';
  return `${name} ${broken} ${recursive} ${mayChoose} ${makesChoosingOps} ${tree}`;
}

/** The kinds and places of all nodes, counted from the start of the outermost. */
function treeOf(node: SyntaxNode): string {
  let text = '';
  walk(node, ({ kind, span }) => {
    text += `${kind} ${span.start - node.span.start} ${span.end - node.span.start} `;
  });
  return text;
}
