import type { ModelDecl, SpaceDecl } from '../../../grammar/syntax.ts';
import type { Problem } from '../check/diagnostics.ts';
import { shownName } from './shown-name.ts';

/** What is wrong with the header of a network: `input` and `classes` stand there once each, the input before the first op. */
export function headerProblems({ name, body: { statements } }: ModelDecl | SpaceDecl): readonly Problem[] {
  const input = statements.find(({ kind }) => kind === 'input');
  const first = statements.find(({ kind }) => !['let', 'constraint', 'classes'].includes(kind));
  const problems: Problem[] = [];
  if (input === undefined) {
    problems.push({
      code: 'missing-input',
      message: `\`${shownName(name.name)}\` needs its input first: write \`input 32x32x3\` (height x width x channels).`,
      span: name.span,
    });
  } else if (first !== input) {
    problems.push({
      code: 'input-not-first',
      message: 'The input comes before the first op: move `input` to the top of the body.',
      span: input.span,
    });
  }
  if (!statements.some(({ kind }) => kind === 'classes')) {
    problems.push({
      code: 'missing-classes',
      message: `\`${shownName(name.name)}\` needs its number of classes: write \`classes 10\` after \`input\`.`,
      span: name.span,
    });
  }
  for (const kind of ['input', 'classes'] as const) {
    for (const { span } of statements.filter((statement) => statement.kind === kind).slice(1)) {
      problems.push({
        code: 'duplicate-statement',
        message: `There is an \`${kind}\` already: a network has one.`,
        span,
      });
    }
  }
  return problems;
}
