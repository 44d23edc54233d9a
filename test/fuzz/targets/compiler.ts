import type { FileAnalysis, SpaceAnalysis } from '../../../server/language/analysis.ts';
import { Project } from '../../../server/language/project.ts';
import { declaredNames } from '../../../server/language/names/declared-names.ts';
import type { Diagnostic } from '../../../server/language/check/diagnostics.ts';
import { fixAll, fixesOf } from '../../../server/language/fix/index.ts';
import { sameLocation } from '../../../server/language/cursor/lookup.ts';
import type { ModelAnalysis } from '../../../server/language/analysis.ts';
import { signalDiagnostics } from '../../../server/language/check/no-signal.ts';
import { refactorings } from '../../../server/language/refactor/index.ts';
import { chosen } from '../../../server/language/check/severities.ts';
import { canonicalNetwork } from '../../../server/network/canonical.ts';
import { totals } from '../../../server/network/totals.ts';
import { anyEdits, placed, replaced, type Edit } from '../input/edits.ts';
import { anyFiles, type NamedText } from '../input/texts.ts';
import { ensure, ensureSame, target } from '../target.ts';
import { ensureRenamed } from './networks.ts';
import { projectOf, uriOf } from './project.ts';

interface Input {
  readonly files: readonly NamedText[];
  /** Of the first file. */
  readonly edits: readonly Edit[];
  /** Which name is given another one, and what is selected for refactorings: shares of their numbers. */
  readonly luck: number;
}

/** Whatever the texts: everything is answered, numbers fit each other, and what keeps networks keeps them. */
export const compiler = target<Input>({
  name: 'compiler',
  generate: (random) => ({
    files: anyFiles(random),
    edits: random.chance(0.3) ? anyEdits(random, 6) : [],
    luck: random.share(),
  }),
  check({ files, edits, luck }) {
    if (files.length === 0) return;
    const project = projectOf(files);
    for (const { name } of files) examine(project.analyse(uriOf(name)), project.lint(uriOf(name)));
    const [{ name }] = files as [NamedText];
    const analysis = project.analyse(uriOf(name));
    rename(files, project, luck);
    repair(files, project, analysis, luck);
    edit(files, edits);
  },
});

/** Asks an analysis everything it can be asked, and checks what holds for every text. */
function examine(analysis: FileAnalysis, linted: readonly Diagnostic[]): void {
  const { text, uri, diagnostics, models, spaces } = analysis;
  const steps = signalDiagnostics(analysis, linted);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const all = [...linted, ...step.value];
  chosen(all, analysis);
  for (const { location, message, related } of all) {
    const { start, end } = location.span;
    ensure(location.uri === uri, 'A diagnostic is of another file.');
    ensure(
      0 <= start && start <= end && end <= text.length,
      'A diagnostic is outside the text.',
      () => message,
    );
    ensure(
      message !== '' && !/\b(?:undefined|NaN)\b|\[object/.test(message.replaceAll(/`[^`]*`|"[^"]*"/g, '')),
      'A message has a word of the program.',
      () => message,
    );
    for (const each of related)
      ensure(each.location.span.start <= each.location.span.end, 'A related place is reversed.');
  }
  const keys = diagnostics.map(({ code, location: { span } }) => `${code} ${span.start} ${span.end}`);
  ensure(new Set(keys).size === keys.length, 'A diagnostic is said twice.', () => keys);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  for (const model of models) examineModel(model, hasErrors);
  for (const space of spaces) examineSpace(space, hasErrors);
  const stride = Math.max(7, Math.ceil(text.length / 100));
  for (let offset = 0; offset <= text.length; offset += stride) {
    analysis.nodesAt(offset);
    analysis.definitionAt(offset);
    for (const { start, end } of analysis.referencesAt(offset))
      ensure(0 <= start && start <= end && end <= text.length, 'A use is outside the text.');
  }
  analysis.symbols();
}

function examineModel(model: ModelAnalysis, hasErrors: boolean): void {
  ensure(
    hasErrors || model.network !== undefined,
    'A model has neither a network nor an error.',
    () => model.name,
  );
  const paths = new Set(model.partial.map(({ path }) => path));
  ensure(paths.size === model.partial.length, 'Two nodes have one address.');
  for (const [id, node] of model.partial.entries()) {
    ensure(node.id === id && node.inputs.every((input) => input < id), 'Nodes are out of order.');
    const sizes = [...node.shape, node.macs, node.layers, ...node.params.flatMap(({ shape }) => shape)];
    ensure(
      sizes.every((size) => Number.isSafeInteger(size) && size >= 0),
      'A count is no whole number.',
      () => [node.op, sizes],
    );
    ensure(
      node.shape.every((size) => size > 0),
      'A shape is empty.',
      () => [node.op, node.shape],
    );
  }
  if (model.network === undefined) return;
  ensureSame(model.totals, totals(model.network), 'Totals are not those of the network.');
  ensure(
    Object.values(model.totals ?? {}).every(Number.isSafeInteger),
    'A total is no whole number.',
    () => model.totals,
  );
  ensure(JSON.stringify(canonicalNetwork(model.network)).length > 0, 'A network has no canonical form.');
}

/** Members to list by hand for comparison with the number of them. */
const mostMembers = 64;

function examineSpace(space: SpaceAnalysis, hasErrors: boolean): void {
  ensure(hasErrors || space.first.network !== undefined, 'A space has neither a member nor an error.');
  ensure(space.size === undefined || space.size >= 1n, 'A space has no members.');
  const paths = new Set(space.decisions.map(({ path }) => path));
  ensure(paths.size === space.decisions.length, 'Two decisions have one name.');
  const member = space.instantiate({});
  if (member.network === undefined) return;
  const again = space.instantiate(member.genotype);
  ensureSame(again.diagnostics, [], 'The genotype of a member is refused.');
  ensureSame(
    canonicalNetwork(again.network!),
    canonicalNetwork(member.network),
    'A genotype gives another member.',
  );
  const product = space.decisions.reduce((count, { options }) => count * BigInt(options.length), 1n);
  const isFlat = space.decisions.every(({ condition }) => Object.keys(condition).length === 0);
  if (space.size === undefined || !isFlat || product > BigInt(mostMembers)) return;
  const members = new Set<string>();
  for (let index = 0; index < Number(product); index += 1) {
    let rest = index;
    const genotype = Object.fromEntries(
      space.decisions.map(({ path, options }) => {
        const option = options[rest % options.length]!;
        rest = Math.floor(rest / options.length);
        return [path, option];
      }),
    );
    members.add(JSON.stringify(Object.entries(space.instantiate(genotype).genotype).sort()));
  }
  ensure(BigInt(members.size) === space.size, 'A space counts other members than it has.', () => [
    members.size,
    space.size,
  ]);
}

/** Networks as mathematics, whatever their tensors are called. */
function structures(project: Project, name: string): unknown {
  const { models, spaces } = project.analyse(uriOf(name));
  return [...models, ...spaces.map(({ first }) => first)].map(({ network }) => {
    if (network === undefined) return undefined;
    const { nodes, ...rest } = canonicalNetwork(network);
    return { ...rest, nodes: nodes.map(({ op, args, inputs }) => ({ op, args, inputs })) };
  });
}

function picked<T>(values: readonly T[], luck: number): T | undefined {
  return values[Math.floor(luck * values.length)];
}

/** A declared name becomes one that is nowhere in the texts. */
function rename(files: readonly NamedText[], project: Project, luck: number): void {
  const [{ name }] = files as [NamedText];
  const module = project.module(uriOf(name));
  const declared = picked([...declaredNames(module.parse.file).values()], luck);
  if (declared === undefined || module.parse.problems.length > 0) return;
  const location = { uri: module.uri, span: declared.span };
  const renamed = files.map((file) => {
    const { references, text } = project.module(uriOf(file.name));
    let result = '';
    let end = 0;
    for (const { span } of references.filter((reference) => sameLocation(reference.target, location))) {
      result += text.slice(end, span.start) + 'fresh_name';
      end = span.end;
    }
    return { name: file.name, text: result + text.slice(end) };
  });
  if (files.some(({ text }) => text.includes('fresh_name'))) return;
  ensureRenamed(
    projectOf(renamed),
    project,
    files.map((file) => uriOf(file.name)),
  );
}

/** Their repairs leave out ops that compute nothing. */
const leaveOut: ReadonlySet<string> = new Set(['two-activations', 'dead-edge']);

/** Repairs that call themselves safe, and refactorings, keep what networks compute. */
function repair(files: readonly NamedText[], project: Project, analysis: FileAnalysis, luck: number): void {
  const [{ name, text }, ...others] = files as [NamedText, ...NamedText[]];
  const uri = uriOf(name);
  const context = {
    uri,
    text,
    parse: analysis.parse,
    references: analysis.references,
    imported: project.importedNames(uri),
    module: project.module(uri),
  };
  const linted = project.lint(uri);
  for (const diagnostic of linted)
    for (const { changes } of fixesOf(diagnostic, context)) applied(text, changes);
  const before = structures(project, name);
  const compare = (changed: string, what: string): void => {
    ensureSame(structures(projectOf([{ name, text: changed }, ...others]), name), before, what);
  };
  if (!linted.some(({ severity }) => severity === 'error')) {
    const keeping = linted.filter(({ code }) => !leaveOut.has(code));
    compare(applied(text, fixAll(keeping, context)), 'Safe repairs change a network.');
  }
  const start = Math.floor(luck * text.length);
  const line = text.indexOf('\n', start);
  const selections = [
    { start, end: start },
    { start, end: line === -1 ? text.length : line },
    { start, end: Math.min(text.length, start + Math.floor(200 * luck)) },
  ];
  for (const selection of selections)
    for (const { title, changes } of refactorings(selection, context))
      compare(
        applied(text, changes),
        `A refactoring changes a network: ${title.replaceAll(/`[^`]*`/g, '…')}.`,
      );
}

function applied(
  text: string,
  changes: readonly {
    readonly span: { readonly start: number; readonly end: number };
    readonly text: string;
  }[],
): string {
  let result = '';
  let end = 0;
  for (const { span, text: replacement } of changes) {
    ensure(
      end <= span.start && span.start <= span.end && span.end <= text.length,
      'Changes overlap or are outside.',
    );
    result += text.slice(end, span.start) + replacement;
    end = span.end;
  }
  return result + text.slice(end);
}

/** A project that saw every text on the way says what a fresh one says. */
function edit(files: readonly NamedText[], edits: readonly Edit[]): void {
  const [first, ...others] = files as [NamedText, ...NamedText[]];
  const uri = uriOf(first.name);
  let { text } = first;
  const current = new Project({
    read: (asked) => (asked === uri ? text : others.find(({ name }) => uriOf(name) === asked)?.text),
  });
  let cursor = 0;
  for (const each of edits) {
    current.lint(uri);
    const replacement = placed(each, text, cursor);
    cursor = replacement.start + replacement.text.length;
    text = replaced(text, replacement);
    current.invalidate(uri);
    const fresh = projectOf([{ name: first.name, text }, ...others]);
    ensureSame(
      content(current, uri),
      content(fresh, uri),
      'An edited project says other things than a fresh one.',
    );
  }
}

function content(project: Project, uri: string): unknown {
  const { models, spaces, imports, shapes, loops, ...analysis } = project.analyse(uri);
  return {
    diagnostics: project.lint(uri),
    models: models.map(({ name, totals: sums, partial, network }) => ({
      name,
      sums,
      network: network && canonicalNetwork(network),
      nodes: partial.map(({ path, origin }) => [path, origin]),
    })),
    spaces: spaces.map(({ name, size, decisions }) => ({ name, size, decisions })),
    imports,
    shapes,
    loops,
    references: analysis.references,
  };
}
