import { fileNameOf } from '../../../base/uris.ts';
import type {
  BlockDecl,
  CellDecl,
  InstanceDecl,
  Item,
  LetDecl,
  ModelDecl,
  Param,
  SourceFile,
  SpaceDecl,
  Span,
  Statement,
} from '../../../../grammar/syntax.ts';
import type { FileAnalysis, ModelAnalysis, SpaceAnalysis } from '../../../language/analysis.ts';
import { libraryPath } from '../../../language/library.ts';
import { inputsOf, isTemplate, type ParametricDecl } from '../../../language/names/templates.ts';
import { boundNames } from '../../../../grammar/bound-names.ts';
import { blockSignature } from '../../../language/values/arguments.ts';
import { expressionText } from '../../../../grammar/print/expression.ts';
import { printItem } from '../../../../grammar/print/print.ts';
import type { CallSite } from '../../../network/network.ts';
import { formatShape } from '../../../network/shape.ts';
import { formatCount, formatInteger, plural } from '../../../base/quantities.ts';
import { sizeText } from '../lenses/space-text.ts';
import { docMarkdown } from '../../doc-markdown.ts';
import { code, fenced, table } from '../../../base/markdown.ts';
import { nodesAround } from '../../../language/cursor/syntax-search.ts';
import { shownName } from '../../../language/names/shown-name.ts';

/** What a name was declared as. */
export interface Declared {
  /** The file of the declaration, and its place there. */
  readonly declaring: FileAnalysis;
  readonly nameSpan: Span;
}

const mostCalls = 6;

/**
 * What a name stands for: its declaration, documentation and values.
 * @param using the file that is looked at; its models tell the values
 */
export function declarationHover(using: FileAnalysis, declared: Declared): string | undefined {
  const { declaring, nameSpan } = declared;
  const found = find(declaring.parse.file, nameSpan);
  const origin =
    declaring.uri === using.uri
      ? []
      : [`*from* ${code(libraryPath(declaring.uri) ?? fileNameOf(declaring.uri))}`];
  switch (found?.kind) {
    case undefined:
      return undefined;
    case 'block':
      return join(
        fenced(`block ${blockSignature(found)}`),
        documentation(found),
        callsText(using, ({ label }) => label.startsWith(`${found.name.name}(`), 'Calls'),
        ...origin,
      );
    case 'cell':
      return join(fenced(cellHeader(found)), documentation(found), ...origin);
    case 'let':
      return join(
        fenced(`let ${found.name.name} = ${expressionText(found.value, 400)}`),
        documentation(found),
        ...origin,
      );
    case 'model':
      return join(
        fenced(`model ${found.params.length === 0 ? found.name.name : blockSignature(found)}`),
        documentation(found),
        isTemplate(found) ? 'A template: models are made of it, it is none itself.' : undefined,
        callsText(using, ({ label }) => label.startsWith(`${found.name.name}(`), 'Made with'),
        ...origin,
      );
    case 'instance':
      return join(fenced(instanceHeader(found)), documentation(found), ...origin);
    case 'space':
      return join(fenced(`space ${found.name.name}`), documentation(found), ...origin);
    case 'param': {
      const { param, block } = found;
      const fallback = param.defaultValue;
      const text = fallback === undefined ? '' : ` = ${expressionText(fallback, 100)}`;
      return join(
        fenced(`${param.name.name}${text}`),
        `Parameter of ${block.kind} ${code(shownName(block.name.name))}${fallback === undefined ? ', required' : ''}.`,
        callsText(using, ({ label }) => label.startsWith(`${block.name.name}(`), 'Calls'),
      );
    }
    case 'loop':
      return join(
        `Loop variable ${code(found.name)}.`,
        callsText(
          using,
          ({ kind, span }) => kind === 'iteration' && span.start === found.span.start,
          'Iterations',
        ),
      );
    case 'tensor': {
      const shapes =
        declaring.shapes.find(({ span }) => span.start >= found.span.start && span.end <= found.span.end)
          ?.shapes ?? [];
      const own = new Set(
        shapes.map((all) => (all[found.index] === undefined ? '' : formatShape(all[found.index]!))),
      );
      const text = [...own].filter((shape) => shape !== '').join(', ');
      return join(`Tensor ${code(found.name)}${text === '' ? '' : `: **${text}**`}`);
    }
  }
}

type Found =
  | BlockDecl
  | CellDecl
  | LetDecl
  | ModelDecl
  | InstanceDecl
  | SpaceDecl
  | { readonly kind: 'param'; readonly param: Param; readonly block: ParametricDecl }
  /** The counter of a `repeat`, a variable of a `for`; `span` is the loop's. */
  | { readonly kind: 'loop'; readonly name: string; readonly span: Span }
  /** `index`: of several tensors that flow at the end of the statement at `span`, or come into a block. */
  | { readonly kind: 'tensor'; readonly name: string; readonly span: Span; readonly index: number };

type Candidate = Item | Statement;

/** What declares the name at this place: the nodes around it, the innermost first. */
function find(file: SourceFile, name: Span): Found | undefined {
  const same = ({ start, end }: Span): boolean => start === name.start && end === name.end;
  for (const node of nodesAround(file, name.start).toReversed()) {
    const candidate = node as Candidate;
    switch (candidate.kind) {
      case 'block':
      case 'model':
      case 'cell': {
        if (same(candidate.name.span)) return candidate;
        const input = inputsOf(candidate).find((each) => same(each.span));
        if (input !== undefined) return { kind: 'tensor', name: input.name, span: input.span, index: 0 };
        const param = candidate.params.find((each) => same(each.name.span));
        if (param !== undefined) return { kind: 'param', param, block: candidate };
        break;
      }
      case 'let':
      case 'instance':
      case 'space':
        if (same(candidate.name.span)) return candidate;
        break;
      case 'repeat':
        if (candidate.variable !== undefined && same(candidate.variable.span))
          return { kind: 'loop', name: candidate.variable.name, span: candidate.span };
        break;
      case 'for': {
        const variable = candidate.pattern.find((each) => same(each.span));
        if (variable !== undefined) return { kind: 'loop', name: variable.name, span: candidate.span };
        break;
      }
      case 'flow-statement':
        for (const [index, each] of boundNames(candidate).entries())
          if (same(each.span)) return { kind: 'tensor', name: each.name, span: candidate.span, index };
        break;
      case 'import':
      case 'input':
      case 'classes':
      case 'constraint':
      case 'if':
        break;
    }
  }
  return undefined;
}

/** `model ResNet50 = ResNet([3, 4, 6, 3], Bottleneck)` */
function instanceHeader({ kind, name, of }: InstanceDecl): string {
  return of.callee.name === '' ? `model ${name.name}` : printItem({ kind, name, of });
}

function cellHeader(decl: CellDecl): string {
  const { definition } = decl;
  const header = `cell ${blockSignature(decl)}`;
  switch (definition.kind) {
    case 'string':
    case 'genotype': {
      const { kind, name, inputs, params } = decl;
      return printItem({ kind, name, ...(inputs && { inputs }), params, definition });
    }
    case 'edges':
      return `${header} { ${plural(definition.edges.length, 'edge')} }`;
    case 'missing':
      return header;
  }
}

/** With what values the models of a file come here: `BasicBlock(16)` ×3, `BasicBlock(32, stride = 2)`. */
function callsText(
  using: FileAnalysis,
  isHere: (call: CallSite) => boolean,
  title: string,
): string | undefined {
  const sites = new Map<string, Set<string>>();
  for (const { name, partial } of [...using.models, ...using.spaces.map(({ first }) => first)])
    for (const { origin } of partial)
      for (const [depth, call] of origin.calls.entries()) {
        if (!isHere(call)) continue;
        const place = JSON.stringify([
          name,
          ...origin.calls.slice(0, depth + 1).map(({ label, span }) => [label, span]),
        ]);
        sites.set(call.label, (sites.get(call.label) ?? new Set()).add(place));
      }
  if (sites.size === 0) return undefined;
  const labels = [...sites].map(
    ([label, places]) => `${code(label)}${places.size > 1 ? ` ×${places.size}` : ''}`,
  );
  const more = labels.length - mostCalls;
  return `${title}: ${labels.slice(0, mostCalls).join(', ')}${more > 0 ? ` + ${formatInteger(more)} more` : ''}`;
}

/** Size and cost of a model, under its declaration. */
export function totalsText({ totals, network }: ModelAnalysis): string | undefined {
  if (totals === undefined || network === undefined) return undefined;
  return table(
    ['Input', 'Classes', 'ℵ', 'Params', 'MACs', 'Ops'],
    [
      [
        formatShape(network.inputShape),
        formatInteger(network.classes),
        formatInteger(totals.layers),
        `${formatCount(totals.params)} (${formatInteger(totals.params)})`,
        `${formatCount(totals.macs)} (${formatInteger(totals.macs)})`,
        formatInteger(network.nodes.length - 1),
      ],
    ],
  );
}

/** How many networks a space holds, and what decides between them. */
export function spaceText(space: SpaceAnalysis): string {
  const { decisions } = space;
  const size = sizeText(space);
  const rows = decisions.slice(0, 12).map(({ path, options }) => [
    code(path),
    code(
      options
        .map((option) => JSON.stringify(option))
        .join(', ')
        .slice(0, 120),
    ),
  ]);
  const more = decisions.length - rows.length;
  return join(
    size === undefined ? 'Cannot be counted: errors.' : size.networks.replace(/\S*\d\S*/, '**$&**'),
    size?.how,
    rows.length === 0 ? undefined : table(['Decision', 'Options'], rows),
    more > 0 ? `+ ${plural(more, 'decision')}` : undefined,
  );
}

/** What the author says of a declaration. */
function documentation({ doc }: { readonly doc?: { readonly text: string } }): string | undefined {
  return doc === undefined ? undefined : docMarkdown(doc.text);
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
