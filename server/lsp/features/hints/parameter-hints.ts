import { InlayHintKind } from 'vscode-languageserver/node';
import type { InlayHint, InlayHintLabelPart, Range } from 'vscode-languageserver/node';
import type { Argument } from '../../../../grammar/syntax.ts';
import { isParametric, type ParametricDecl } from '../../../language/names/templates.ts';
import { matchArguments } from '../../../network/arguments.ts';
import type { Location } from '../../../network/network.ts';
import type { ArgSpec } from '../../../network/op.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { Opened, Session } from '../../session.ts';
import { callsIn } from '../../../language/cursor/syntax-search.ts';
import { lspLocation } from '../../uses.ts';

/** The name of the parameter before every argument without a name; it leads to the parameter. */
export function parameterHints(
  session: Session,
  { document, analysis }: Opened,
  range: Range,
  of: 'blocks' | 'all',
): InlayHint[] {
  const { names } = session.project.module(analysis.uri);
  const span = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  return callsIn(analysis.parse.file, span).flatMap(({ callee, args }) => {
    const declaration = names.get(callee.name);
    const decl = declaration?.decl;
    const parts = isParametric(decl)
      ? blockParts(session, decl, declaration!.module.uri, args)
      : of === 'all' && !names.has(callee.name)
        ? opParts(callee.name, args)
        : [];
    return parts.map(({ argument, part }) => ({
      position: document.positionAt(argument.value.span.start),
      label: [part],
      kind: InlayHintKind.Parameter,
      paddingRight: true,
    }));
  });
}

interface Part {
  readonly argument: Argument;
  readonly part: InlayHintLabelPart;
}

function blockParts(
  session: Session,
  decl: ParametricDecl,
  uri: string,
  args: readonly Argument[],
): readonly Part[] {
  return bare(args).flatMap((argument, position) => {
    const name = decl.params[position]?.name;
    if (name === undefined || says(argument, name.name)) return [];
    const target: Location = { uri, span: name.span };
    return [{ argument, part: { value: `${name.name}:`, location: lspLocation(session, target) } }];
  });
}

function opParts(name: string, args: readonly Argument[]): readonly Part[] {
  const op = opRegistry.get(name);
  if (op === undefined || op.extraInputs !== undefined) return [];
  const given = bare(args);
  return matchArguments(
    op,
    given.map(() => ({})),
  ).flatMap((spec: ArgSpec | undefined, index) => {
    const argument = given[index]!;
    if (spec === undefined || says(argument, spec.name)) return [];
    return [{ argument, part: { value: `${spec.name}:`, tooltip: spec.doc } }];
  });
}

function bare(args: readonly Argument[]): readonly Argument[] {
  return args.filter(({ name, value }) => name === undefined && value.kind !== 'missing');
}

/** Whether an argument is a name that says what it is for, such as `out` or `stem_out` for `out`. */
function says({ value }: Argument, name: string): boolean {
  return value.kind === 'name' && (value.name === name || value.name.endsWith(`_${name}`));
}
