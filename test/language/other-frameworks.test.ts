// docs/other-frameworks.md says what people who come from elsewhere are told: each row is tried.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnosticCodes } from '../../server/language/check/codes.ts';
import type { Diagnostic } from '../../server/language/analysis.ts';
import { fixesOf } from '../../server/language/fix/index.ts';
import { applied, contextOf } from './support/edits.ts';
import { analyse, findingsOf } from './support/helpers.ts';

interface Row {
  readonly written: string;
  readonly here: string;
  readonly message: string;
}

const page = readFileSync(join(import.meta.dirname, '../../docs/other-frameworks.md'), 'utf8');

function rowsOf(section: string): readonly Row[] {
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [written, here, message] = line
        .slice(1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|'));
      const code = (cell = ''): string => cell.replace(/^`([^]*)`$/, '$1');
      return { written: code(written), here: code(here), message: message ?? '' };
    });
}

const sections = page
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ title: section.split('\n')[0] ?? '', rows: rowsOf(section) }));

function bodyWith(line: string): string {
  return `model Net {\n  input 32x32x3\n  classes 10\n  x = conv(64, 3x3)\n  y = relu\n  ${line}\n  gap -> dense(classes)\n}\n`;
}

function headWith(line: string): string {
  const head = line.startsWith('input') ? [line, 'classes 10'] : ['input 32x32x3', line];
  return `model Net {\n  ${head.join('\n  ')}\n  conv(64, 3x3)\n  gap -> dense(classes)\n}\n`;
}

/** What is left to say of a line that is written as it should be: shapes, which depend on what stands around it. */
const aboutWriting: ReadonlySet<string> = new Set([
  ...diagnosticCodes.syntax,
  ...diagnosticCodes.names,
  ...diagnosticCodes.arguments,
]);

const errors = (text: string): ReturnType<typeof analyse>['diagnostics'] =>
  analyse(text).diagnostics.filter(({ severity }) => severity === 'error');

const warnings = (text: string): readonly Diagnostic[] =>
  findingsOf(text).filter(({ severity }) => severity === 'warning');

describe.each(sections)('$title', ({ title, rows }) => {
  const found = title === 'Legal, and surely not meant' ? warnings : errors;

  test.each(rows)('$written', ({ written, here, message }) => {
    const around = /^(?:input|(?:n(?:um)?_)?classes)\b/.test(written) ? headWith : bodyWith;
    const text = around(written);
    const said = found(text);
    expect(said.map((each) => each.message)).toEqual([message]);
    const [fix] = fixesOf(said[0]!, contextOf(text));
    if (here === '–') {
      expect(fix).toBeUndefined();
      return;
    }
    const fixed = applied(text, fix!.changes);
    expect(fixed).toBe(around(here === 'nothing' ? '' : here));
    expect(errors(fixed).filter(({ code }) => aboutWriting.has(code))).toEqual([]);
  });
});

test('at least 80 habits are known', () => {
  expect(sections.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(80);
});

test('of a model, what depends on no name is explained beside what cannot be read', () => {
  const lines = [
    'nn.ReLU()',
    'batchnorm',
    'conv(64, (3, 3))',
    'bn(64)',
    'there(3)',
    'fc(10)',
    'conv(3, 8, kernel_size=3)',
  ];
  const text = `model Net {\n  input 8x8x3\n  num_classes 10\n  ${lines.join('\n  ')}\n}\n`;
  // Whether `there` is declared is not known where a line cannot be read.
  expect(errors(text).map(({ message }) => message)).toEqual([
    'The number of classes is said as `classes 10`.',
    '`nn.ReLU` is `relu` here.',
    '`batchnorm` is `bn` here.',
    'An extent is written as one word: `3x3`.',
    '`bn` knows the width of what flows in: write `bn`.',
    '`fc` is `dense` here: write `dense(10)`.',
    '`conv` knows the width of what flows in: write `conv(8, 3x3)`.',
  ]);
});

test('an import of Python is one message, whatever else is wrong with it', () => {
  const text = `import torch\nimport torch.nn as nn\n${bodyWith('relu')}`;
  expect(errors(text).map(({ code }) => code)).toEqual(['other-framework', 'other-framework']);
});

test('a text in Python is not explained line by line for ever', () => {
  const program = `class Net(nn.Module):\n${'    self.conv = nn.Conv2d(3, 64, 3)\n'.repeat(300)}`;
  const found = errors(program).filter(({ code }) => code === 'other-framework');
  expect(found.length).toBeLessThanOrEqual(100);
});

test('what has the name of another framework, but is declared, is what was declared', () => {
  const text = `block Linear(n) { dense(n) }\nmodel M {\n  input 8x8x3\n  classes 2\n  gap -> Linear(classes)\n}\n`;
  expect(errors(text)).toEqual([]);
});

test('a model is not offered for an op', () => {
  const text = 'model Nett {\n  input 8x8x3\n  classes 2\n  Nettt -> gap -> dense(classes)\n}\n';
  expect(errors(text).map(({ message }) => message)).toEqual(['There is no `Nettt` here.']);
});
