import type { Hover, Position } from 'vscode-languageserver/node';
import type { CallExpr, OpCall, Token } from '../../../../grammar/syntax.ts';
import type { PlacedNode } from '../../../language/analysis.ts';
import { functions } from '../../../language/values/functions.ts';
import type { OpDefinition } from '../../../network/op.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { OpInsight } from '../../../score/insight/insight.ts';
import { sameUri } from '../../../base/uris.ts';
import { declarationHover, spaceText, totalsText } from './declaration.ts';
import { formatArg, opHover } from './op.ts';
import type { InsightSource } from './insight.ts';
import type { OpSite } from './op.ts';
import { importHover } from './import.ts';
import { keywordHelp } from './keyword-help.ts';
import { code, fenced } from '../../../base/markdown.ts';
import { rangeOf, touches } from '../../ranges.ts';
import type { Standings } from '../lenses/standing.ts';
import { scoreSummary } from '../scores/score-page.ts';
import type { Opened, Session } from '../../session.ts';
import { callsAround, tokenAt } from '../../../language/cursor/syntax-search.ts';

/** What is under the cursor. */
export function hover(
  session: Session,
  opened: Opened,
  position: Position,
  standings: Standings,
): Hover | null {
  const { document, analysis } = opened;
  const offset = document.offsetAt(position);
  const token = tokenAt(analysis.parse.tokens, offset);
  if (token === undefined) return null;
  const value = textFor(session, opened, token, offset, standings);
  return value === undefined
    ? null
    : { contents: { kind: 'markdown', value }, range: rangeOf(document, token.span) };
}

function textFor(
  session: Session,
  opened: Opened,
  token: Token,
  offset: number,
  standings: Standings,
): string | undefined {
  const { analysis } = opened;
  const word = analysis.text.slice(token.span.start, token.span.end);
  if (token.kind === 'keyword') return keywordHelp(word);
  if (token.kind === 'string') return importHover(session, analysis, offset);
  if (token.kind !== 'name') return undefined;
  return (
    namedHover(session, opened, offset, standings) ??
    argumentHover(opened, token, offset) ??
    opOf(session, opened, word, offset) ??
    functionHelp(word) ??
    keywordHelp(word)
  );
}

/** A name that is declared somewhere. */
function namedHover(
  session: Session,
  { document, analysis }: Opened,
  offset: number,
  standings: Standings,
): string | undefined {
  const target = analysis.definitionAt(offset);
  if (target === undefined) return undefined;
  const declaring = session.project.analyse(target.uri);
  const text = declarationHover(analysis, { declaring, nameSpan: target.span });
  if (text === undefined || declaring !== analysis) return text;
  const own = ({ nameSpan }: { readonly nameSpan: { readonly start: number } }): boolean =>
    nameSpan.start === target.span.start;
  const model = analysis.models.find(own);
  const space = analysis.spaces.find(own);
  const score = model === undefined ? undefined : session.board.model(sameUri(document.uri), model.name);
  return [
    text,
    ...(model === undefined ? [] : [totalsText(model)]),
    ...(score === undefined ? [] : [scoreSummary(score, standings.standingOf(document.uri, score))]),
    ...(space === undefined ? [] : [spaceText(space)]),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

/** The name in `stride = 2`. */
function argumentHover({ analysis }: Opened, { span }: Token, offset: number): string | undefined {
  const call = callsAround(analysis.parse.file, offset).at(-1);
  const named = call?.args.some(({ name }) => name?.span.start === span.start && name.span.end === span.end);
  if (call === undefined || named !== true) return undefined;
  const op = opRegistry.get(call.callee.name);
  const arg = op?.args.find(({ name }) => name === analysis.text.slice(span.start, span.end));
  if (op === undefined || arg === undefined) return undefined;
  const fallback =
    arg.defaultFrom !== undefined
      ? `Default: as ${code(arg.defaultFrom)}.`
      : arg.default === undefined
        ? 'Required.'
        : `Default: ${code(formatArg(arg.default))}.`;
  return `Argument ${code(arg.name)} of ${code(op.name)}. ${arg.doc} ${fallback}`;
}

function functionHelp(word: string): string | undefined {
  const known = functions.get(word);
  return known === undefined ? undefined : `${fenced(known.signature)}\n\n${known.doc}`;
}

function opOf(session: Session, opened: Opened, word: string, offset: number): string | undefined {
  const op = opRegistry.get(word);
  if (op === undefined) return undefined;
  const placed = opened.analysis.nodesAt(offset).filter(({ node }) => node.op === op.name);
  // In an argument of an op, another op may stand: `choice(conv(…), dwconv(…))`.
  const calls = callsAround(opened.analysis.parse.file, offset);
  const innermost = calls.at(-1);
  const isCallee = innermost === undefined || isName(innermost, offset);
  return describe(session, opened, op, isCallee ? placed : []);
}

function isName({ callee }: OpCall | CallExpr, offset: number): boolean {
  return touches(callee.span, offset);
}

function describe(session: Session, opened: Opened, op: OpDefinition, placed: readonly PlacedNode[]): string {
  const uri = sameUri(opened.document.uri);
  const enabled = session.settings.of(uri)?.contributions ?? true;
  const sources = new Map<string, InsightSource>();
  const inside = new Map<string, ReadonlyMap<string, OpInsight>>();
  for (const { model } of placed) {
    // The first member of a space has no score.
    if (!enabled || sources.has(model.name) || session.board.model(uri, model.name) === undefined) continue;
    const source = insightSource(session, uri, model.name);
    sources.set(model.name, source);
    inside.set(model.name, new Map(source.insight?.ops.map((each) => [each.path, each])));
  }
  const sites = placed.map(({ model, node }): OpSite => {
    const known = inside.get(model.name)?.get(node.path);
    return {
      model: model.name,
      node,
      inputs: node.inputs.map((id) => model.partial[id]?.shape ?? []),
      // After an edit, another op may stand at the same address.
      ...(known?.op === node.op ? { inside: known } : {}),
    };
  });
  return opHover(op, sites, sources);
}

/** What is known; what is not is asked for, to be there when the user looks again. */
function insightSource(session: Session, uri: string, model: string): InsightSource {
  session.insights.want(uri, model, 'visible');
  const known = session.insights.of(uri, model);
  switch (known.state) {
    case 'current':
      return { state: known.state, insight: known.insight };
    case 'failed':
      return { state: known.state, message: known.failure.message };
    case 'computing':
    case 'absent':
      return { state: known.state, ...(known.last === undefined ? {} : { insight: known.last }) };
  }
}
