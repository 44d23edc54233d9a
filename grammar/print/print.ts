import { format } from '../format/format.ts';
import type {
  Body,
  CellDecl,
  CellEdges,
  CellOutput,
  DocComment,
  Flow,
  FlowElement,
  Item,
  ListExpr,
  Param,
  Statement,
  TensorNames,
} from '../syntax.ts';
import { argumentsText, expressionText } from './expression.ts';
import { numberText } from './literals.ts';
import type { Unplaced } from './unplaced.ts';

/**
 * The text of declarations, in the style of the language: parsed again it gives the same tree, and formatting leaves it as it is.
 * Names have to be names of the language; holes have no text.
 *
 * @throws RangeError for a number or string that the language cannot write
 */
export function printItems(items: readonly Unplaced<Item>[]): string {
  const texts = items.map((item, index) => {
    const before = items[index - 1];
    const joined = before === undefined || (isPlain(item) && isPlain(before) && item.kind === before.kind);
    return `${joined ? '' : '\n'}${itemText(item)}\n`;
  });
  return format(texts.join(''));
}

/** The text of one declaration, without a line break at its end. @see printItems */
export function printItem(item: Unplaced<Item>): string {
  return printItems([item]).trimEnd();
}

/** Whether a declaration is a line that stands with others of its kind. */
function isPlain(item: Unplaced<Item>): boolean {
  const line = item.kind === 'let' || item.kind === 'instance';
  return item.kind === 'import' || (line && item.doc === undefined);
}

function itemText(item: Unplaced<Item>): string {
  switch (item.kind) {
    case 'import': {
      const names = item.names.map(({ name }) => name).join(', ');
      return `import { ${names} } from ${expressionText(item.path)}`;
    }
    case 'let':
      return letText(item);
    case 'block': {
      const { doc, name, inputs, params, body } = item;
      return `${docText(doc)}block ${name.name}${namesText(inputs)}(${paramsText(params)}) ${spread(body)}`;
    }
    case 'model': {
      const params = item.params.length === 0 ? '' : `(${paramsText(item.params)})`;
      return `${docText(item.doc)}model ${item.name.name}${params} ${spread(item.body)}`;
    }
    case 'instance':
      return `${docText(item.doc)}model ${item.name.name} = ${elementText(item.of)}`;
    case 'space':
      return `${docText(item.doc)}${item.kind} ${item.name.name} ${spread(item.body)}`;
    case 'cell': {
      const { definition, doc, name, inputs, params } = item;
      const given = params.length === 0 ? '' : `(${paramsText(params)})`;
      return `${docText(doc)}cell ${name.name}${namesText(inputs)}${given} ${definitionText(definition)}`;
    }
  }
}

function namesText(tensors: Unplaced<TensorNames> | undefined): string {
  return tensors === undefined ? '' : `[${tensors.names.map(({ name }) => name).join(', ')}]`;
}

function paramsText(params: readonly Unplaced<Param>[]): string {
  return params
    .map(({ name, defaultValue }) =>
      defaultValue === undefined ? name.name : `${name.name} = ${expressionText(defaultValue)}`,
    )
    .join(', ');
}

function definitionText(definition: Unplaced<CellDecl['definition']>): string {
  if (definition.kind === 'edges') return edgesText(definition);
  if (definition.kind !== 'genotype') return `= ${expressionText(definition)}`;
  const { list, output } = definition;
  return `= ${listText(list)}${output === undefined ? '' : ` -> ${outputText(output)}`}`;
}

function outputText({ merge, nodes }: Unplaced<CellOutput>): string {
  return `${merge}(${nodes.map(({ value }) => numberText(value)).join(', ')})`;
}

function docText(doc: Unplaced<DocComment> | undefined): string {
  if (doc === undefined) return '';
  return doc.text
    .split('\n')
    .map((line) => `${`/// ${line}`.trimEnd()}\n`)
    .join('');
}

/** Longest list or flow on one line. */
const longest = 90;

function letText({ doc, name, value }: Unplaced<Item & { kind: 'let' }>): string {
  const text = value.kind === 'list' ? listText(value) : expressionText(value);
  return `${docText(doc)}let ${name.name} = ${text}`;
}

/** A long list is a table. */
function listText(list: Unplaced<ListExpr>): string {
  const text = expressionText(list);
  if (text.length <= longest) return text;
  return `[\n${list.elements.map((element) => `${expressionText(element)},\n`).join('')}]`;
}

/** Edges into one node on a line, where they are single ops. */
function edgesText({ edges, output }: Unplaced<CellEdges>): string {
  const lines: string[] = [];
  let node: number | undefined;
  for (const { from, to, flow } of edges) {
    const text = `${expressionText(from)} -> ${numberText(to.value)}: ${flowText(flow)}`;
    const isShort = flow.elements.length === 1 && !text.includes('\n') && !text.includes('{');
    if (isShort && node === to.value) lines.push(`${lines.pop()!}   ${text}`);
    else lines.push(text);
    node = isShort ? to.value : undefined;
  }
  if (output !== undefined) lines.push(outputText(output));
  return `{\n${lines.join('\n')}\n}`;
}

/** A body with a statement a line. */
function spread({ statements }: Unplaced<Body>): string {
  return statements.length === 0 ? '{ }' : `{\n${statements.map(statementText).join('\n')}\n}`;
}

/** A body on one line if that is how people write it: with one statement. */
function bodyText(body: Unplaced<Body>): string {
  const [only, ...others] = body.statements.map(statementText);
  return only === undefined || others.length > 0 || only.includes('\n') ? spread(body) : `{ ${only} }`;
}

function statementText(statement: Unplaced<Statement>): string {
  switch (statement.kind) {
    case 'flow-statement': {
      const { name, names, flow, assertion } = statement;
      const before = name === undefined && names === undefined ? '' : `${name?.name ?? namesText(names)} = `;
      return `${before}${flowText(flow)}${assertion === undefined ? '' : ` : ${expressionText(assertion)}`}`;
    }
    case 'let':
      return letText(statement);
    case 'input':
      return `input ${expressionText(statement.shape)}`;
    case 'classes':
      return `classes ${expressionText(statement.count)}`;
    case 'constraint':
      return `constraint ${expressionText(statement.condition)}`;
    case 'repeat': {
      const { count, variable, body } = statement;
      const as = variable === undefined ? '' : ` as ${variable.name}`;
      return `repeat ${expressionText(count)}${as} ${bodyText(body)}`;
    }
    case 'for': {
      const { pattern, destructures, iterable, body } = statement;
      const names = pattern.map(({ name }) => name).join(', ');
      return `for ${destructures ? `(${names})` : names} in ${expressionText(iterable)} ${bodyText(body)}`;
    }
    case 'if': {
      const { condition, body, otherwise } = statement;
      const head = `if (${expressionText(condition)}) ${bodyText(body)}`;
      if (otherwise === undefined) return head;
      const [only, ...others] = otherwise.statements;
      const chained = only?.kind === 'if' && others.length === 0;
      return `${head} else ${chained ? statementText(only) : bodyText(otherwise)}`;
    }
  }
}

function flowText({ elements }: Unplaced<Flow>): string {
  const texts = elements.map(elementText);
  const text = texts.join(' -> ');
  if (text.length <= longest || text.includes('\n')) return text;
  // As many as fit on each line.
  const lines: string[] = [];
  for (const [index, each] of texts.entries()) {
    const next = index === 0 ? each : `-> ${each}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + next.length <= longest)
      lines[lines.length - 1] = `${last} ${next}`;
    else lines.push(next);
  }
  return lines.join('\n');
}

function elementText(element: Unplaced<FlowElement>): string {
  switch (element.kind) {
    case 'op-call':
      return `${element.callee.name}${element.called ? argumentsText(element.args) : ''}`;
    case 'tensors':
      return namesText(element);
    case 'choice-element':
      return expressionText(element.choice);
    case 'residual': {
      const { body, shortcut } = element;
      return `residual ${bodyText(body)}${shortcut === undefined ? '' : ` shortcut ${bodyText(shortcut)}`}`;
    }
    case 'parallel': {
      const branches = element.branches.map((branch) => `branch ${bodyText(branch)}\n`);
      return `parallel ${element.merge} {\n${branches.join('')}}`;
    }
    case 'missing':
      return '…';
  }
}
