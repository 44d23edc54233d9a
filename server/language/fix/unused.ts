import { boundNames } from '../../../grammar/bound-names.ts';
import type {
  Argument,
  BlockDecl,
  CellDecl,
  CallExpr,
  FlowStatement,
  ForStatement,
  ImportDecl,
  LetDecl,
  OpCall,
  RepeatStatement,
  Span,
} from '../../../grammar/syntax.ts';
import type { SyntaxNode } from '../../../grammar/walk.ts';
import type { ParametricDecl } from '../names/templates.ts';
import { parameterIndices } from '../values/arguments.ts';
import {
  type Fix,
  type FixContext,
  type Fixer,
  nodeAround,
  placeOf,
  removal,
  replace,
  tokenBetween,
  usesOf,
} from './fix.ts';

/** Takes a name out of its import, and the import with its last name. */
export const removeImport: Fixer = ({ location }, context) => {
  const decl = nodeAround(context, location.span, (node): node is ImportDecl => node.kind === 'import');
  if (decl === undefined) return [];
  const name = context.text.slice(location.span.start, location.span.end);
  const change =
    decl.names.length === 1 ? removal(context.text, decl.span) : withoutElement(decl.names, location.span);
  return [{ title: `Remove \`${name}\` from the import`, changes: [change], preferred: true, safe: true }];
};

/** Removes a block, a cell or a template of models with its documentation. */
export const removeBlock: Fixer = ({ location }, context) => {
  const decl = nodeAround(
    context,
    location.span,
    (node): node is ParametricDecl | CellDecl =>
      node.kind === 'block' || node.kind === 'cell' || node.kind === 'model',
  );
  return decl === undefined ? [] : [removeDeclaration(context.text, decl, decl.kind)];
};

function removeDeclaration(text: string, decl: ParametricDecl | CellDecl | LetDecl, what: string): Fix {
  const span = { start: decl.doc?.span.start ?? decl.span.start, end: decl.span.end };
  return {
    title: `Remove the unused ${what} \`${decl.name.name}\``,
    changes: [removal(text, span)],
    preferred: true,
    safe: true,
  };
}

/** Removes a `let` or the name of a tensor, leaves out a loop variable, or says that it is not used. */
export const removeName: Fixer = ({ location: { span } }, context) => {
  const owner = nodeAround(
    context,
    span,
    (node): node is Owner =>
      (node.kind === 'let' ||
        node.kind === 'repeat' ||
        node.kind === 'for' ||
        node.kind === 'flow-statement' ||
        node.kind === 'block') &&
      namesOf(node as Owner).some(({ start }) => start === span.start),
  );
  const { text } = context;
  const name = text.slice(span.start, span.end);
  switch (owner?.kind) {
    case 'let':
      return [removeDeclaration(text, owner, 'value')];
    case 'repeat': {
      const as = tokenBetween(context, owner.count.span.end, span.start, 'as');
      if (as === undefined) return [];
      // A line break before it may end a comment.
      const blanks = /[ \t]*$/.exec(text.slice(owner.count.span.end, as.start))![0].length;
      return [
        {
          title: `Remove \`as ${name}\``,
          changes: [replace(as.start - blanks, span.end, '')],
          preferred: true,
          safe: true,
        },
      ];
    }
    case 'for':
      return [underscored(name, span)];
    case 'flow-statement':
    case 'block':
      // One of several.
      if (owner.kind === 'block' || owner.names !== undefined) return [underscored(name, span)];
      return [
        {
          title: `Remove the name \`${name}\``,
          changes: [replace(span.start, owner.flow.span.start, '')],
          preferred: true,
          safe: true,
        },
      ];
    case undefined:
      return [];
  }
};

function underscored(name: string, { start, end }: Span): Fix {
  const changes = [replace(start, end, `_${name}`)];
  return { title: `Rename to \`_${name}\``, changes, preferred: true, safe: true };
}

type Owner = LetDecl | RepeatStatement | ForStatement | FlowStatement | BlockDecl;

function namesOf(node: Owner): readonly Span[] {
  switch (node.kind) {
    case 'let':
      return [node.name.span];
    case 'repeat':
      return node.variable === undefined ? [] : [node.variable.span];
    case 'for':
      return node.pattern.map(({ span }) => span);
    case 'flow-statement':
      return boundNames(node).map(({ span }) => span);
    case 'block':
      return (node.inputs?.names ?? []).map(({ span }) => span);
  }
}

/** Removes a parameter and what all calls give for it, or says that it is not used. */
export const removeParameter: Fixer = ({ location: { span } }, context) => {
  const { text, imported } = context;
  const decl = nodeAround(
    context,
    span,
    (node): node is ParametricDecl => node.kind === 'block' || node.kind === 'model' || node.kind === 'cell',
  );
  const index = decl === undefined ? -1 : placeOf(decl.params, span);
  if (decl === undefined || index === -1 || imported.has(decl.name.name)) return [];
  const name = decl.params[index]!.name.name;
  const rename: Fix = {
    title: `Rename to \`_${name}\``,
    changes: usesOf(context, span).map(({ start, end }) => replace(start, end, `_${name}`)),
    preferred: false,
    safe: false,
  };
  const change = withoutParameter(decl, index, context);
  if (change === undefined) return [rename];
  const changes = [change];
  for (const { call, argument } of argumentsOf(decl, context).get(index) ?? []) {
    // A decision that goes would change the members of a space.
    if (/\bchoice\b/.test(text.slice(argument.span.start, argument.span.end))) return [rename];
    changes.push(
      call.args.length === 1
        ? replace(call.callee.span.end, call.span.end, call.kind === 'op-call' ? '' : '()')
        : withoutElement(call.args, argument.span),
    );
  }
  changes.sort((a, b) => a.span.start - b.span.start);
  // Calls inside of arguments that go with them.
  if (changes.some((change, at) => at > 0 && change.span.start < changes[at - 1]!.span.end)) return [rename];
  return [{ title: `Remove the parameter \`${name}\``, changes, preferred: true, safe: true }, rename];
};

/** None where the list of parameters is not closed. */
function withoutParameter(
  decl: ParametricDecl,
  index: number,
  context: FixContext,
): ReturnType<typeof replace> | undefined {
  const { params, name } = decl;
  if (params.length > 1) return withoutElement(params, params[index]!.span);
  const behind = decl.kind === 'cell' ? decl.definition : decl.body;
  const close = tokenBetween(context, params[index]!.span.end, behind.span.start, ')');
  const start = (decl.kind === 'model' ? undefined : decl.inputs?.span.end) ?? name.span.end;
  return close && replace(start, close.end, decl.kind === 'block' ? '()' : '');
}

interface Given {
  readonly call: OpCall | CallExpr;
  readonly argument: Argument;
}

/** What the calls of a block, or the instances of a model, in its file give, by the position of the parameter. */
function argumentsOf(decl: ParametricDecl, context: FixContext): ReadonlyMap<number, readonly Given[]> {
  let given = known.get(decl);
  if (given?.of !== context.references) {
    given = { of: context.references, byParameter: collectArguments(decl, context) };
    known.set(decl, given);
  }
  return given.byParameter;
}

const known = new WeakMap<
  ParametricDecl,
  { readonly of: FixContext['references']; readonly byParameter: ReadonlyMap<number, readonly Given[]> }
>();

function collectArguments(decl: ParametricDecl, context: FixContext): ReadonlyMap<number, readonly Given[]> {
  const indices = parameterIndices(decl);
  const given = new Map<number, Given[]>();
  for (const use of usesOf(context, decl.name.span)) {
    const call = nodeAround(
      context,
      use,
      (node): node is OpCall | CallExpr =>
        (node.kind === 'op-call' || node.kind === 'call') && (node as OpCall).callee.span.start === use.start,
    );
    const own = new Map<number, Argument>();
    const unnamed = call?.args.filter(({ name }) => name === undefined) ?? [];
    for (const [index, argument] of unnamed.entries()) own.set(index, argument);
    // A name counts before a position, and of two with one name the first.
    for (const argument of call?.args.toReversed() ?? []) {
      const index = argument.name === undefined ? undefined : indices.get(argument.name.name);
      if (index !== undefined) own.set(index, argument);
    }
    for (const [index, argument] of own) {
      const others = given.get(index);
      if (others === undefined) given.set(index, [{ call: call!, argument }]);
      else others.push({ call: call!, argument });
    }
  }
  return given;
}

/** Removes an element of a list of several, and a comma. */
function withoutElement(elements: readonly SyntaxNode[], span: Span): ReturnType<typeof replace> {
  const index = placeOf(elements, span);
  const previous = elements[index - 1];
  return previous === undefined
    ? replace(elements[index]!.span.start, elements[index + 1]!.span.start, '')
    : replace(previous.span.end, elements[index]!.span.end, '');
}
