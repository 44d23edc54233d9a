import { expect } from 'vitest';
import type { TextChange } from '../../../grammar/format/format.ts';
import type { FixContext } from '../../../server/language/fix/index.ts';
import type { RefactorContext } from '../../../server/language/refactor/index.ts';
import { canonicalNetwork } from '../../../server/network/canonical.ts';
import { analyse, mainUri, projectOf } from './helpers.ts';

/** What fixes and refactorings of `main.arch` are made from. */
export function contextOf(
  text: string,
  others: Readonly<Record<string, string>> = {},
): RefactorContext & FixContext {
  const project = projectOf({ ...others, 'main.arch': text });
  for (const name of Object.keys(others)) project.analyse(`file:///work/${name}`);
  const analysis = project.analyse(mainUri);
  return {
    uri: mainUri,
    text,
    parse: analysis.parse,
    references: analysis.references,
    imported: project.importedNames(mainUri),
    module: project.module(mainUri),
  };
}

export function applied(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let end = 0;
  for (const { span, text: replacement } of changes) {
    expect(span.start).toBeGreaterThanOrEqual(end);
    result += text.slice(end, span.start) + replacement;
    end = span.end;
  }
  return result + text.slice(end);
}

/**
 * The networks of a text as mathematics, whatever their tensors are called: the addresses of tensors change where
 * statements move into other bodies.
 */
export function structures(text: string, others: Readonly<Record<string, string>> = {}): unknown {
  const analysis = analyse(text, others);
  const models = [...analysis.models, ...analysis.spaces.map(({ first }) => first)];
  return models.map(({ network }) => {
    if (network === undefined) return undefined;
    const { nodes, ...rest } = canonicalNetwork(network);
    return { ...rest, nodes: nodes.map(({ op, args, inputs }) => ({ op, args, inputs })) };
  });
}
