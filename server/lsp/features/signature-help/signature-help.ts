import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver/node';
import { blockSignature } from '../../../language/values/arguments.ts';
import { isParametric } from '../../../language/names/templates.ts';
import { functions } from '../../../language/values/functions.ts';
import { expressionText } from '../../../../grammar/print/expression.ts';
import { describeType, formatSpec } from '../../../network/arguments.ts';
import { needsTensors } from '../../../network/op.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import { cursorAt } from '../../../language/cursor/cursor.ts';
import type { Group } from '../../../language/cursor/cursor.ts';
import { docMarkdown } from '../../doc-markdown.ts';
import { code } from '../../../base/markdown.ts';
import { usedAs } from '../../../language/cursor/parameter-use.ts';
import type { Opened, Session } from '../../session.ts';

interface Parameter {
  readonly name: string;
  /** As the signature writes it: `stride = 1`. */
  readonly text: string;
  readonly doc: string;
}

interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly doc: string;
  /** The last parameter stands for any number of arguments. */
  readonly variadic?: boolean;
}

/** The parameters of the call around the cursor, the one that is written marked. */
export function signatureHelp(session: Session, opened: Opened, position: Position): SignatureHelp | null {
  const { document, analysis } = opened;
  const offset = document.offsetAt(position);
  const cursor = cursorAt(analysis.text, analysis.parse, offset);
  if (cursor.within === 'comment') return null;
  const depth = cursor.groups.findLastIndex(({ kind }) => kind === 'arguments');
  const group = cursor.groups[depth];
  // A body in between, as in a broken `conv(16 { … }`, is no argument.
  if (group === undefined || cursor.groups.slice(depth).some(({ kind }) => kind === 'body')) return null;
  const isLocal = cursor.locals.some(({ name }) => name === group.head);
  const signature = isLocal ? undefined : signatureOf(session, opened, group.head);
  if (signature === undefined) return null;
  const named = depth === cursor.groups.length - 1 ? nameBefore(cursor.before) : undefined;
  return {
    signatures: [information(signature)],
    activeSignature: 0,
    activeParameter: active(signature, group, named),
  };
}

/** `stride` in `(…, stride = ‸`. */
function nameBefore(before: readonly string[]): string | undefined {
  const from = Math.max(before.lastIndexOf(','), 0);
  return before[from + 2] === '=' ? before[from + 1] : undefined;
}

function active({ parameters, variadic }: Signature, { position }: Group, named: string | undefined): number {
  // Behind the last one none is marked.
  const none = parameters.length;
  if (named !== undefined) {
    const index = parameters.findIndex(({ name }) => name === named);
    return index === -1 ? none : index;
  }
  return variadic === true ? Math.min(position, parameters.length - 1) : Math.min(position, none);
}

function information({ name, parameters, doc }: Signature): SignatureInformation {
  let label = `${name}(`;
  const places: [number, number][] = [];
  for (const [index, { text }] of parameters.entries()) {
    if (index > 0) label += ', ';
    places.push([label.length, label.length + text.length]);
    label += text;
  }
  return {
    label: `${label})`,
    documentation: { kind: 'markdown', value: doc },
    parameters: parameters.map((parameter, index) => ({
      label: places[index]!,
      documentation: { kind: 'markdown', value: parameter.doc },
    })),
  };
}

const kinds = { block: 'Block', cell: 'Cell', model: 'Model' } as const;

function signatureOf(session: Session, { analysis }: Opened, name: string): Signature | undefined {
  const { names } = session.project.module(analysis.uri);
  if (names.has(name)) {
    const decl = names.get(name)?.decl;
    if (!isParametric(decl)) return undefined;
    const parameters = decl.params.map((param): Parameter => {
      const fallback = param.defaultValue;
      const text =
        fallback === undefined ? param.name.name : `${param.name.name} = ${expressionText(fallback, 40)}`;
      const spec = usedAs(decl, param.name.name);
      const doc = spec === undefined ? '' : `${spec.op.name}'s \`${spec.arg.name}\`: ${spec.arg.doc}`;
      return { name: param.name.name, text, doc };
    });
    return {
      name,
      parameters,
      doc:
        decl.doc === undefined
          ? `${kinds[decl.kind]} ${code(blockSignature(decl))}`
          : docMarkdown(decl.doc.text),
    };
  }
  const op = opRegistry.get(name);
  if (op !== undefined) {
    const tensors: readonly Parameter[] = needsTensors(op)
      ? [{ name: '', text: 'tensor, …', doc: 'Names of tensors: `x` after `x = …`.' }]
      : [];
    const values = op.args.map((arg): Parameter => ({
      name: arg.name,
      text: formatSpec(arg),
      doc: `${arg.doc} It is ${describeType(arg.type)}.`,
    }));
    const variadic = needsTensors(op);
    return { name, parameters: [...tensors, ...values], doc: op.summary, variadic };
  }
  if (name === 'choice')
    return {
      name,
      parameters: [{ name: '', text: 'a, b, …', doc: 'The options: values or ops, or one list of them.' }],
      doc: 'A decision of a search space.',
      variadic: true,
    };
  const known = functions.get(name);
  if (known === undefined) return undefined;
  const inner = known.signature.slice(name.length + 1, -1);
  return {
    name,
    parameters: [{ name: '', text: inner, doc: '' }],
    doc: known.doc,
    variadic: known.maxArgs > 1,
  };
}
