import { describe, expect, test } from 'vitest';
import { chosen, type SeverityChoices } from '../../server/language/check/severities.ts';
import { analyse, model } from './support/helpers.ts';

/** Codes left of `cell-node-unused` (a warning) and `shape-mismatch` (an error). */
function codes(body: string, before = ''): readonly string[] {
  const analysis = analyse(`${before}${model(body)}`);
  return chosen(analysis.diagnostics, analysis).map(({ code }) => code);
}

const wrong = '  gap -> conv(8, 3x3) -> dense(classes)';

describe('a suppression comment', () => {
  test.each([
    ['behind it', `${wrong} // archlens: ignore shape-mismatch`],
    ['before it', `  // archlens: ignore shape-mismatch\n${wrong}`],
    ['with another comment between', `  // archlens: ignore shape-mismatch\n\n  // why\n${wrong}`],
    ['among others', `  // archlens: ignore unused-name, shape-mismatch\n${wrong}`],
    ['as a block comment', `  /* archlens: ignore shape-mismatch */\n${wrong}`],
    ['for the file', `${wrong}\n  // archlens: ignore-file shape-mismatch`],
  ])('%s turns a diagnostic off', (_, body) => {
    expect(codes(body)).toEqual([]);
  });

  test.each([
    ['of another code', `${wrong} // archlens: ignore output-shape`],
    ['on another line', `  // archlens: ignore shape-mismatch\n  relu\n${wrong}`],
    ['behind the line before', `  relu // archlens: ignore shape-mismatch\n${wrong}`],
    ['without a code', `${wrong} // archlens: ignore`],
    ['that documents', `  /// archlens: ignore shape-mismatch\n${wrong}`],
  ])('%s leaves it', (_, body) => {
    expect(codes(body)).toEqual(['shape-mismatch']);
  });

  test('works in a file that does not parse', () => {
    expect(codes(`${wrong} // archlens: ignore shape-mismatch`, 'model {\n')).not.toContain('shape-mismatch');
    expect(codes('  conv(8, 3x3 // archlens: ignore missing-closer\n')).not.toContain('missing-closer');
  });
});

test('a chosen severity replaces the own one, and off removes it', () => {
  const analysis = analyse(model(wrong));
  const of = (choice: 'off' | 'hint') =>
    chosen(analysis.diagnostics, analysis, new Map([['shape-mismatch', choice]])).map(
      ({ severity }) => severity,
    );
  expect(of('hint')).toEqual(['hint']);
  expect(of('off')).toEqual([]);
});

test('a saturated softmax is shown only where a severity is chosen', () => {
  const analysis = analyse(model('  gap -> dense(classes)'));
  const found = {
    code: 'saturated-softmax',
    severity: 'hint',
    message: 'The softmax is saturated.',
    location: { uri: analysis.uri, span: { start: 0, end: 5 } },
    related: [],
  } as const;
  const shown = (choices?: SeverityChoices): readonly string[] =>
    chosen([found], analysis, choices).map(({ severity }) => severity);
  expect(shown()).toEqual([]);
  expect(shown(new Map([['saturated-softmax', 'warning']]))).toEqual(['warning']);
});
