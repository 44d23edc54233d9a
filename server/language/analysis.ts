import type { ParseResult, Span } from '../../grammar/syntax.ts';
import type { Location, Network, NetworkNode, NetworkTotals } from '../network/network.ts';
import type { Shape } from '../network/shape.ts';
import type { Decision } from './spaces/decisions.ts';
import type { Diagnostic } from './check/diagnostics.ts';
import type { LoopValues } from './expand/expansion.ts';
import type { Reference } from './names/meaning.ts';
import type { Genotype, SpaceMember } from './spaces/space.ts';
import type { LazySize } from './spaces/size-cache.ts';
import type { SizeEstimate } from './spaces/space-size.ts';
import type { DocumentSymbol } from './names/symbols.ts';
import { shownName } from './names/shown-name.ts';

export type { Decision } from './spaces/decisions.ts';
export type { Diagnostic, RelatedInformation, Severity } from './check/diagnostics.ts';
export type { LoopValues } from './expand/expansion.ts';
export type { FileSource } from './file-graph.ts';
export type { Unreadable } from './names/import-target.ts';
export type { Genotype, SpaceMember } from './spaces/space.ts';
export type { LazySize } from './spaces/size-cache.ts';
export type { SizeEstimate } from './spaces/space-size.ts';
export type { DocumentSymbol } from './names/symbols.ts';

/** A `model` of a file. */
export interface ModelAnalysis {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly doc?: string;
  /** Absent when the model, or something it uses, has errors. */
  readonly network?: Network | undefined;
  readonly totals?: NetworkTotals | undefined;
  /** Nodes expanded before the first error, for hovers; all of them when there is none. */
  readonly partial: readonly NetworkNode[];
}

/** A `space` of a file. */
export interface SpaceAnalysis {
  /** The file it is declared in. */
  readonly uri: string;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly doc?: string;
  /**
   * Number of members, which keep to the constraints: exact unless there is an `estimate`; absent when the space has errors or cannot
   * be counted. Found when it is asked for first, which may take some tenths of a second.
   */
  readonly size?: bigint | undefined;
  /** How the size was estimated, where it is not exact. */
  readonly estimate?: SizeEstimate | undefined;
  /** For whoever has no time: the size in steps. */
  readonly sizing: LazySize;
  /** In the order they are met, conditional ones last. */
  readonly decisions: readonly Decision[];
  /** The member with the first option everywhere. */
  readonly first: ModelAnalysis;
  /** The network of a genotype, with what is wrong with either. */
  readonly instantiate: (genotype: Genotype) => SpaceMember;
}

/** An op in a model or in the first member of a space. */
export interface PlacedNode {
  readonly model: ModelAnalysis;
  readonly node: NetworkNode;
}

/** A statement and the shapes of its output, one for each tensor that flows on; over all its call sites and iterations. */
export interface StatementShapes {
  readonly span: Span;
  readonly shapes: readonly (readonly Shape[])[];
}

/**
 * The network of a genotype that comes from outside, for instance from a JSON file: anything but an object of decisions
 * is a diagnostic. Never throws.
 */
export function instantiateSpace(space: SpaceAnalysis, genotype: unknown): SpaceMember {
  if (typeof genotype === 'object' && genotype !== null && !Array.isArray(genotype)) {
    return space.instantiate(genotype as Genotype);
  }
  const message = `A genotype of \`${shownName(space.name)}\` is an object from decisions to options, such as \`{ "kernel": "3x3" }\`.`;
  const location = { uri: space.uri, span: space.nameSpan };
  return {
    genotype: {},
    diagnostics: [{ code: 'genotype-type', severity: 'error', message, location, related: [] }],
  };
}

/** Everything known about a file without scoring it. Immutable; a new text gives a new one. */
export interface FileAnalysis {
  readonly uri: string;
  readonly text: string;
  readonly parse: ParseResult;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly models: readonly ModelAnalysis[];
  readonly spaces: readonly SpaceAnalysis[];
  /** Resolved uris of the imported files, also of those that do not exist. */
  readonly imports: readonly string[];
  /** Shapes after each statement that some model or space of this file reaches, in the order of the text. */
  readonly shapes: readonly StatementShapes[];
  /** Values of the loop variables of this file, in the order of the text. */
  readonly loops: readonly LoopValues[];
  /** Uses of names and what they mean, in the order of the text. */
  readonly references: readonly Reference[];
  /** All call sites and iterations of the op at `offset`, in all models and spaces of this file. */
  nodesAt(offset: number): readonly PlacedNode[];
  /** Where the name (or import path) at `offset` is declared. */
  definitionAt(offset: number): Location | undefined;
  /** Uses of what is declared or used at `offset`, in this file, its declaration included. */
  referencesAt(offset: number): readonly Span[];
  symbols(): readonly DocumentSymbol[];
}
