import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type {
  Diagnostic,
  FileAnalysis,
  ModelAnalysis,
  SpaceAnalysis,
  Unreadable,
} from '../../../server/language/analysis.ts';
import { Project } from '../../../server/language/project.ts';
import { signalDiagnostics } from '../../../server/language/check/no-signal.ts';
import type { Network, NetworkTotals } from '../../../server/network/network.ts';

export const mainUri = 'file:///work/main.arch';

/** Texts by file name (in `file:///work/`), or why there is none. */
type Texts = Readonly<Record<string, string | Unreadable>>;

/** A project over such texts. */
export function projectOf(files: Texts): Project {
  return new Project({ read: (uri) => files[uri.replace('file:///work/', '')] });
}

/** The analysis of one text. */
export function analyse(text: string, others: Readonly<Record<string, string>> = {}): FileAnalysis {
  return projectOf({ ...others, 'main.arch': text }).analyse(mainUri);
}

/** Everything that is said of one text without a score: errors, what the linter finds, and ops without signal. */
export function findingsOf(text: string, others: Texts = {}): readonly Diagnostic[] {
  const project = projectOf({ ...others, 'main.arch': text });
  const linted = project.lint(mainUri);
  const steps = signalDiagnostics(project.analyse(mainUri), linted);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return [...linted, ...step.value];
}

/** A model around a body: an 8x8 image of 4 channels, 10 classes. */
export function model(body: string): string {
  return `model M {\n  input 8x8x4\n  classes 10\n${body}\n}\n`;
}

/** A model around a body that ends before the head. */
export function network(body: string, before = ''): string {
  return `${before}\n${model(`${body}\n  gap -> dense(classes)`)}`;
}

/** A model without errors. */
type Built = Required<ModelAnalysis> & { readonly network: Network; readonly totals: NetworkTotals };

/** The only model of a text, which has no errors. */
export function onlyModel(text: string, others: Readonly<Record<string, string>> = {}): Built {
  const analysis = analyse(text, others);
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error').map(summary)).toEqual([]);
  expect(analysis.models).toHaveLength(1);
  const [only] = analysis.models;
  expect(only?.network).toBeDefined();
  return only as Built;
}

/** The only space of a text, which has no errors or warnings. */
export function onlySpace(text: string, others: Readonly<Record<string, string>> = {}): SpaceAnalysis {
  const analysis = analyse(text, others);
  expect(analysis.diagnostics.filter(({ severity }) => severity !== 'info').map(summary)).toEqual([]);
  expect(analysis.spaces).toHaveLength(1);
  return analysis.spaces[0]!;
}

function summary({ code, message }: Diagnostic): string {
  return `${code}: ${message}`;
}

/** Ops of a network in order, without the input: `conv bn relu`. */
export function opsOf({ partial }: Pick<ModelAnalysis, 'partial'>): string {
  return partial
    .slice(1)
    .map((node) => node.op)
    .join(' ');
}

/** A text whose expected diagnostics are marked: `⟦code|marked text⟧`. */
export interface Marked {
  readonly text: string;
  /** `code "marked text" at line`, in the order of the text. */
  readonly expected: readonly string[];
}

export function unmark(marked: string): Marked {
  const expected: { start: number; end: number; code: string }[] = [];
  const open: { start: number; code: string }[] = [];
  let text = '';
  for (const part of marked.split(/(⟦[a-z0-9-]+\||⟧)/)) {
    if (part.startsWith('⟦')) open.push({ start: text.length, code: part.slice(1, -1) });
    else if (part === '⟧') expected.push({ ...open.pop()!, end: text.length });
    else text += part;
  }
  expected.sort((a, b) => a.start - b.start || a.end - b.end);
  return { text, expected: expected.map(({ start, end, code }) => place(text, start, end, code)) };
}

function place(text: string, start: number, end: number, code: string): string {
  return `${code} "${text.slice(start, end)}" in line ${text.slice(0, start).split('\n').length}`;
}

/** Checks that exactly the marked diagnostics appear, and returns them. */
export function expectDiagnostics(
  marked: string,
  others: Readonly<Record<string, string>> = {},
): readonly Diagnostic[] {
  const { text, expected } = unmark(marked);
  const { diagnostics } = analyse(text, others);
  const found = diagnostics.map(({ code, location }) =>
    place(text, location.span.start, location.span.end, code),
  );
  expect(found, diagnostics.map(summary).join('\n')).toEqual(expected);
  return diagnostics;
}

/** Checks the marked diagnostics (see `expectDiagnostics`) and that each message has the given part. */
export function expectMessages(
  marked: string,
  messages: readonly (string | RegExp)[],
  others: Readonly<Record<string, string>> = {},
): readonly Diagnostic[] {
  const diagnostics = expectDiagnostics(marked, others);
  expect(diagnostics).toHaveLength(messages.length);
  for (const [index, message] of messages.entries()) expect(diagnostics[index]?.message).toMatch(message);
  return diagnostics;
}

/** A space around a body that ends before the head. */
export function space(body: string, before = ''): string {
  return `${before}\nspace S {\n  input 8x8x4\n  classes 10\n${body}\n  gap -> dense(classes)\n}\n`;
}

/** An example of the repository. */
export function example(name: string): { readonly uri: string; readonly text: string } {
  const url = new URL(`../../../examples/${name}`, import.meta.url);
  return { uri: url.href, text: readFileSync(fileURLToPath(url), 'utf8') };
}

/** A project over the files on disk. */
export function diskProject(): Project {
  return new Project({
    read: (uri) => {
      try {
        return readFileSync(fileURLToPath(uri), 'utf8');
      } catch {
        return undefined;
      }
    },
  });
}
