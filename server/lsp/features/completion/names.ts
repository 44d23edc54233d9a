import { CompletionItemKind } from 'vscode-languageserver/node';
import { fileNameOf } from '../../../base/uris.ts';
import { original } from '../../../../grammar/incremental/moved.ts';
import { contextNames, isMetricName } from '../../../language/values/builtins.ts';
import { functions } from '../../../language/values/functions.ts';
import { blockSignature } from '../../../language/values/arguments.ts';
import type { Declaration, Module } from '../../../language/names/meaning.ts';
import type { ParametricDecl } from '../../../language/names/templates.ts';
import { expressionText } from '../../../../grammar/print/expression.ts';
import { signature } from '../../../network/arguments.ts';
import type { OpDefinition } from '../../../network/op.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { Shape } from '../../../network/shape.ts';
import type { Cursor, LocalName } from '../../../language/cursor/cursor.ts';
import { blockSnippet, opSnippet } from './calls.ts';
import { misfit, widthOf } from './current-shape.ts';
import { ranks } from './item.ts';
import type { Suggestion } from './item.ts';

/** What bridges an image and an op that needs a vector or tokens, the most usual first. */
const bridges = ['gap', 'flatten'];

/** Ops that make a vector of an image: wanted first where one is to be classified. */
const endings = new Set(['gap', 'flatten', 'gmp', 'mean_tokens']);

/** All ops that may stand in a flow; those that do not fit the tensor at hand come last and say why. */
export function ops(shape: Shape | undefined, called: boolean): readonly Suggestion[] {
  return [...opRegistry.values()].flatMap((op) => {
    const reason = shape === undefined ? undefined : misfit(op, shape);
    const plain = opSuggestion(op, shape, called, reason);
    if (reason === undefined || called || op.name !== 'dense') return [plain];
    // A dense on a map: with what must come between.
    const mended = bridges
      .map((bridge) => opRegistry.get(bridge)!)
      .filter((bridge) => shape !== undefined && misfit(bridge, shape) === undefined)
      .map((bridge, index): Suggestion => ({
        label: `${bridge.name} -> dense`,
        filter: 'dense',
        kind: CompletionItemKind.Function,
        rank: ranks.file,
        snippet: `${bridge.name} -> ${opSnippet(op, undefined)}`,
        description: index === 0 ? 'mean of each channel' : 'all positions in a row',
        details: { of: 'op', name: bridge.name },
      }));
    return [...mended, plain];
  });
}

function opSuggestion(
  op: OpDefinition,
  shape: Shape | undefined,
  called: boolean,
  reason: string | undefined,
): Suggestion {
  const usual = op.category === 'shape' ? ranks.layout : ranks.op;
  const wanted = reason === undefined && shape?.length !== 1 && endings.has(op.name) && shape !== undefined;
  return {
    label: op.name,
    kind: CompletionItemKind.Function,
    rank: reason !== undefined ? ranks.unfitting : wanted ? ranks.file : usual,
    ...(op.args.length === 0 ? {} : { signature: parameters(op) }),
    description: reason === undefined ? op.category : `needs ${reason}`,
    ...(called ? {} : { snippet: opSnippet(op, widthOf(shape)) }),
    details: { of: 'op', name: op.name },
  };
}

/** All parameters where they are few, else those that are required: the list has little room. */
function parameters(op: OpDefinition): string {
  const all = signature(op).slice(op.name.length);
  const required = op.args.filter((arg) => arg.default === undefined && arg.defaultFrom === undefined);
  return all.length <= room ? all : `(${[...required.map(({ name }) => name), '…'].join(', ')})`;
}

/** Characters of a signature that fit beside a name. */
const room = 34;

/** Ops as values: names alone. */
export function opValues(): readonly Suggestion[] {
  return [...opRegistry.values()].map((op) => ({
    label: op.name,
    kind: CompletionItemKind.Function,
    rank: ranks.op,
    description: op.category,
    details: { of: 'op', name: op.name },
  }));
}

/** Names of the bodies around the cursor. */
export function locals(
  { locals: names }: Cursor,
  wanted: (local: LocalName) => boolean,
): readonly Suggestion[] {
  const seen = new Map<string, LocalName>();
  // An inner name hides an outer one.
  for (const local of names) seen.set(local.name, local);
  return [...seen.values()].filter(wanted).map(({ name, kind }) => ({
    label: name,
    kind:
      kind === 'tensor' || kind === 'loop variable'
        ? CompletionItemKind.Variable
        : CompletionItemKind.Constant,
    rank: ranks.local,
    description: kind === 'local let' ? 'value' : kind,
  }));
}

/** Where a name may stand: in a flow (blocks, cells), as a value (those and lets), behind `model Name =`, or in an import. */
export type NameUse = 'flow' | 'value' | 'template' | 'import';

/** What of a file's names may stand at a place. */
export function fileNames(
  module: Module,
  self: string | undefined,
  use: NameUse,
  called: boolean,
  width: number | undefined,
): readonly Suggestion[] {
  return [...module.names].flatMap(([name, declaration]) => {
    // A block cannot contain itself.
    if (declaration === undefined || name === self) return [];
    const suggestion = declarationSuggestion(declaration, use, called, width);
    if (suggestion === undefined) return [];
    const from = declaration.module === module ? {} : { description: fileNameOf(declaration.module.uri) };
    return [{ ...suggestion, ...from }];
  });
}

export function declarationSuggestion(
  { decl, module }: Declaration,
  use: NameUse,
  called: boolean,
  width: number | undefined,
): Suggestion | undefined {
  const { name } = decl;
  const base = {
    label: name.name,
    rank: ranks.file,
    description: decl.kind,
    details: { of: 'declaration', uri: module.uri, start: name.span.start },
  } as const;
  if (use === 'template' && decl.kind !== 'model') return undefined;
  switch (decl.kind) {
    case 'block':
    case 'model': {
      const made = use === 'template' || (use === 'import' && decl.params.length > 0);
      if (decl.kind === 'model' && !made) return undefined;
      return {
        ...base,
        kind: decl.kind === 'model' ? CompletionItemKind.Class : CompletionItemKind.Function,
        signature: blockParameters(decl),
        ...(called || use === 'value' || use === 'import' ? {} : { snippet: blockSnippet(decl, width) }),
      };
    }
    case 'cell':
      return {
        ...base,
        kind: CompletionItemKind.Struct,
        ...(decl.params.length === 0 ? {} : { signature: blockParameters(decl) }),
        ...(called || use === 'value' || decl.params.length === 0
          ? {}
          : { snippet: blockSnippet(decl, width) }),
      };
    case 'let': {
      const isOp = decl.value.kind === 'name' && opRegistry.has(decl.value.name);
      if (use === 'flow' && !isOp) return undefined;
      return {
        ...base,
        kind: CompletionItemKind.Constant,
        signature: ` = ${expressionText(decl.value, 40)}`,
      };
    }
    case 'instance':
    case 'space':
      return undefined;
  }
}

const knownParameters = new WeakMap<ParametricDecl, string>();

function blockParameters(decl: ParametricDecl): string {
  const key = original(decl);
  const text = knownParameters.get(key) ?? parametersText(key);
  knownParameters.set(key, text);
  return text;
}

function parametersText(decl: ParametricDecl): string {
  const all = blockSignature(decl).slice(decl.name.name.length);
  const required = decl.params.filter(({ defaultValue }) => defaultValue === undefined);
  return all.length <= room ? all : `(${[...required.map(({ name }) => name.name), '…'].join(', ')})`;
}

/** Functions, and names that depend on the place. */
export function builtins(inConstraint: boolean, called: boolean): readonly Suggestion[] {
  return [
    ...contextNames(inConstraint).map((label): Suggestion => ({
      label,
      kind: CompletionItemKind.Variable,
      rank: inConstraint && isMetricName(label) ? ranks.expected : ranks.file,
      description: isMetricName(label)
        ? 'of the network'
        : label === 'classes'
          ? 'of the model'
          : 'of the current tensor',
      details: { of: 'keyword', name: label },
    })),
    ...[...functions].map(([label, known]): Suggestion => ({
      label,
      kind: CompletionItemKind.Function,
      rank: ranks.keyword,
      signature: known.signature.slice(label.length),
      documentation: known.doc,
      ...(called ? {} : { snippet: `${label}(\${1:x})` }),
      details: { of: 'function', name: label },
    })),
  ];
}
