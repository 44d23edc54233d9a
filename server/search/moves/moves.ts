import type {
  BlockDecl,
  CallExpr,
  CellDecl,
  CellEdge,
  Expr,
  OpCall,
  Param,
  RepeatStatement,
  ResidualElement,
  Span,
} from '../../../grammar/syntax.ts';
import { expressionText } from '../../../grammar/print/expression.ts';
import { dartsEdges } from '../../language/expand/darts-genotype.ts';
import { genotypeEdges } from '../../language/expand/genotype.ts';
import type { Declaration, Module } from '../../language/names/meaning.ts';
import { isNetwork } from '../../language/names/templates.ts';
import { silent } from '../../language/check/diagnostics.ts';
import { childrenOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { opRegistry } from '../../network/ops/index.ts';
import type { Move } from './move.ts';
import { neighbouringCounts, neighbouringWidths, wholeNumber } from './numbers.ts';
import { withoutResidual, withResidual } from './skip-moves.ts';
import { kernelMoves, opArgumentMoves, opMoves, otherOps, replacement } from './op-moves.ts';

/** Numbers in lists and arguments of blocks: below this they count something, from it on they are widths. */
const leastWidth = 8;

/** What is offered at a place, and what it is offered for. */
export interface MovesAt {
  /** What the alternatives are to: `conv(16, 3x3)`. */
  readonly span: Span;
  readonly moves: readonly Move[];
}

/**
 * The neighbours of what stands at an offset: of the argument or the number there, else of the op, else of the loop, the
 * cell or the parameter. Undefined where nothing can be varied. Works in any broken text.
 */
export function movesAt(module: Module, offset: number): MovesAt | undefined {
  const { text, parse } = module;
  const path = pathTo(parse.file, offset);
  // Of an op that does not exist there is nothing to vary, nor around it: the network is not known.
  const call = path.find(isOpCall);
  if (call !== undefined && !isOp(call, module) && !module.names.has(call.callee.name)) return undefined;
  for (const [index, node] of path.entries()) {
    const found = movesOf(text, node, path.slice(index + 1), offset, module);
    if (found !== undefined && found.moves.length > 0) return found;
  }
  return undefined;
}

/**
 * The neighbours of a declaration, in everything it uses that stands in the same file; of an instance of a model that other
 * networks are made of too, not in that model, but in its arguments and what they name.
 */
export function movesWithin(module: Module, declaration: Declaration): readonly Move[] {
  const { text } = module;
  const shared = sharedModel(module, declaration);
  const used = new Set([declaration]);
  for (const each of used) for (const next of each.uses) if (next !== shared) used.add(next);
  const moves = module.declarations
    .filter((each) => used.has(each))
    .flatMap(({ decl }) => declarationMoves(text, decl, module));
  const known = new Map(moves.map((move) => [JSON.stringify(move.changes), move]));
  return [...known.values()];
}

/** The model that an instance is made of, where it is that of other networks of the file as well: an edit of it would change them too. */
function sharedModel({ declarations }: Module, instance: Declaration): Declaration | undefined {
  if (instance.decl.kind !== 'instance') return undefined;
  const { name } = instance.decl.of.callee;
  const model = [...instance.uses].find((used) => used.name === name);
  const isShared = declarations.some(
    (each) =>
      each !== instance &&
      isNetwork(each.decl) &&
      (each === model || (each.decl.kind === 'instance' && each.decl.of.callee.name === name)),
  );
  return isShared ? model : undefined;
}

function declarationMoves(text: string, node: SyntaxNode, module: Module): readonly Move[] {
  const own = isOpCall(node)
    ? isOp(node, module)
      ? opMoves(text, node)
      : node.args.flatMap(({ value }) => valueMoves(text, value))
    : isBlockValue(node, module)
      ? node.args.flatMap(({ value }) => valueMoves(text, value))
      : isRepeat(node)
        ? [...depthMoves(text, node), ...withResidual(text, node.body)]
        : isList(node) || isTuple(node)
          ? node.elements.flatMap((element) => valueMoves(text, element))
          : isParam(node) && node.defaultValue !== undefined
            ? valueMoves(text, node.defaultValue)
            : isCell(node) && node.definition.kind === 'string'
              ? cellMoves(text, node)
              : isResidual(node)
                ? withoutResidual(text, node)
                : isBlock(node)
                  ? withResidual(text, node.body)
                  : [];
  return [...own, ...childrenOf(node).flatMap((child) => declarationMoves(text, child, module))];
}

/** Nodes around an offset, the innermost first. */
function pathTo(root: SyntaxNode, offset: number): readonly SyntaxNode[] {
  const path: SyntaxNode[] = [];
  let node: SyntaxNode | undefined = root;
  while (node !== undefined) {
    path.unshift(node);
    // Of two that touch the offset the one that starts there is meant.
    node = childrenOf(node).findLast(({ span }) => span.start <= offset && offset <= span.end);
  }
  return path;
}

function movesOf(
  text: string,
  node: SyntaxNode,
  outer: readonly SyntaxNode[],
  offset: number,
  module: Module,
): MovesAt | undefined {
  const { span } = node;
  if (isOpCall(node)) {
    const argument = node.args.find((each) => each.span.start <= offset && offset <= each.span.end);
    if (!isOp(node, module)) {
      const about = argument === undefined ? node.args : [argument];
      return {
        span: argument?.span ?? span,
        moves: about.flatMap(({ value }) => valueMoves(text, value)),
      };
    }
    const moves = argument === undefined ? [] : opArgumentMoves(text, node, argument);
    return argument !== undefined && moves.length > 0
      ? { span: argument.span, moves }
      : { span, moves: opMoves(text, node) };
  }
  if (isBlockValue(node, module)) {
    const argument = node.args.find((each) => each.span.start <= offset && offset <= each.span.end);
    const moves = argument === undefined ? [] : valueMoves(text, argument.value);
    return moves.length === 0 ? undefined : { span: argument!.span, moves };
  }
  if (isRepeat(node)) {
    const inBody = node.body.span.start < offset;
    return inBody
      ? undefined
      : { span: node.count.span, moves: [...depthMoves(text, node), ...withResidual(text, node.body)] };
  }
  if (isResidual(node)) {
    const onKeyword = offset <= span.start + 'residual'.length;
    return onKeyword ? { span, moves: withoutResidual(text, node) } : undefined;
  }
  if (isCell(node)) return cellAt(text, node, offset);
  if (isParam(node) && node.defaultValue !== undefined)
    return { span, moves: valueMoves(text, node.defaultValue) };
  const [parent] = outer;
  if (parent !== undefined && (isList(parent) || isTuple(parent) || parent.kind === 'let'))
    return { span, moves: valueMoves(text, node as Expr) };
  return undefined;
}

/** Neighbours of a value whose use is not known: a kernel, an op, a count or a width, by how it is written. */
function valueMoves(text: string, value: Expr): readonly Move[] {
  if (value.kind === 'dims') return kernelMoves(text, value);
  if (value.kind === 'name') return otherOps(text, value.name, value.span);
  const number = wholeNumber(value);
  if (number === undefined || number <= 0) return [];
  const isWidth = number >= leastWidth;
  const others = isWidth ? neighbouringWidths(number) : neighbouringCounts(number);
  return others.map((other) => replacement(isWidth ? 'width' : 'number', text, value.span, String(other)));
}

/** One repetition less and more. */
function depthMoves(text: string, { count }: RepeatStatement): readonly Move[] {
  const number = wholeNumber(count);
  const others =
    number !== undefined
      ? neighbouringCounts(number).map(String)
      : count.kind === 'name'
        ? ['- 1', '+ 1'].map((by) => `${count.name} ${by}`)
        : [];
  return others.map((other) => {
    const move = replacement('depth', text, count.span, other);
    return { ...move, title: `repeat ${move.title}` };
  });
}

/** The edge at an offset; on the name of the cell, or between the edges of a genotype, all of them. */
function cellAt(text: string, cell: CellDecl, offset: number): MovesAt | undefined {
  const edges = edgesOf(cell);
  const edge = edges.find(({ span }) => span.start <= offset && offset <= span.end);
  if (edge !== undefined) {
    const moves = edgeMoves(text, edge);
    if (moves.length > 0) return { span: edge.flow.span, moves };
  }
  return { span: cell.name.span, moves: cellMoves(text, cell) };
}

/** The neighbours that differ in one edge. */
function cellMoves(text: string, cell: CellDecl): readonly Move[] {
  return edgesOf(cell).flatMap((edge) =>
    edgeMoves(text, edge).map((move) => ({
      ...move,
      title: `${expressionText(edge.from, 40)} -> ${edge.to.value}: ${move.title}`,
    })),
  );
}

function edgeMoves(text: string, { flow }: CellEdge): readonly Move[] {
  const [only] = flow.elements;
  return flow.elements.length === 1 && only?.kind === 'op-call' ? opMoves(text, only) : [];
}

function edgesOf({ definition, inputs }: CellDecl): readonly CellEdge[] {
  if (definition.kind === 'edges') return definition.edges;
  if (definition.kind === 'string') return genotypeEdges(definition, silent);
  return definition.kind === 'genotype' ? dartsEdges(definition, inputs?.names.length ?? 1, silent) : [];
}

/** Whether the callee is an op of the language, not a declaration that took its name. */
function isOp({ callee }: OpCall, module: Module): boolean {
  return opRegistry.has(callee.name) && !module.names.has(callee.name);
}

/** Whether a node is a block with arguments that is a value: `ImageNet(ResNet(Basic, 2))`. */
function isBlockValue(node: SyntaxNode, { names }: Module): node is CallExpr {
  return node.kind === 'call' && names.get((node as CallExpr).callee.name)?.decl.kind === 'block';
}

function isOpCall(node: SyntaxNode): node is OpCall {
  return node.kind === 'op-call';
}

function isRepeat(node: SyntaxNode): node is RepeatStatement {
  return node.kind === 'repeat';
}

function isResidual(node: SyntaxNode): node is ResidualElement {
  return node.kind === 'residual';
}

function isBlock(node: SyntaxNode): node is BlockDecl {
  return node.kind === 'block';
}

function isCell(node: SyntaxNode): node is CellDecl {
  return node.kind === 'cell';
}

function isList(node: SyntaxNode): node is Extract<Expr, { kind: 'list' }> {
  return node.kind === 'list';
}

function isTuple(node: SyntaxNode): node is Extract<Expr, { kind: 'tuple' }> {
  return node.kind === 'tuple';
}

/** A parameter of a block: a part without a kind. */
function isParam(node: SyntaxNode): node is SyntaxNode & BlockDecl['params'][number] {
  return node.kind === undefined && 'name' in node && 'defaultValue' in (node as Partial<Param>);
}
