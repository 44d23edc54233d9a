import type { Span } from '../../../grammar/syntax.ts';
import { countWhere } from '../../base/bisect.ts';
import type { FileAnalysis } from '../analysis.ts';
import { around } from '../cursor/lookup.ts';
import type { Diagnostic } from './diagnostics.ts';

/** The errors of a file, and the first of them in each way in which one keeps a model from being a network. */
interface Errors {
  /** In the order of the text. */
  readonly all: readonly Diagnostic[];
  /** The first error inside each model, by the offset where the model starts. */
  readonly inside: ReadonlyMap<number, Diagnostic>;
  /** The first error outside of each model that the model runs into where it uses something, by the same offset. */
  readonly used: ReadonlyMap<number, Diagnostic>;
  /** The first error that stands in no model. */
  readonly outside: Diagnostic | undefined;
}

const known = new WeakMap<FileAnalysis, Errors>();

/**
 * The error that keeps the model at `span` from being a network: the first inside it, else the first that it runs into
 * where it uses something, else the first that stands in no other model, else the first of the file.
 */
export function blockingError(analysis: FileAnalysis, span: Span): Diagnostic | undefined {
  const { all, inside, used, outside } = errorsOf(analysis);
  return inside.get(span.start) ?? used.get(span.start) ?? outside ?? all[0];
}

/** Errors in the model at `span`; where there are none, its errors are those of what it uses: all others of the file. */
export function errorCount(analysis: FileAnalysis, { start, end }: Span): number {
  const { all } = errorsOf(analysis);
  const before = countWhere(all, ({ location }) => location.span.start < start);
  const own = countWhere(all, ({ location }) => location.span.start <= end) - before;
  return own > 0 ? own : all.length;
}

/** Found once for all models of a file: there may be thousands of both. */
function errorsOf(analysis: FileAnalysis): Errors {
  let errors = known.get(analysis);
  if (errors === undefined) {
    errors = collect(analysis);
    known.set(analysis, errors);
  }
  return errors;
}

function collect({ uri, diagnostics, models }: FileAnalysis): Errors {
  const inside = new Map<number, Diagnostic>();
  const used = new Map<number, Diagnostic>();
  let outside: Diagnostic | undefined;
  const all = diagnostics.filter(({ severity }) => severity === 'error');
  for (const error of all) {
    const model = around(models, error.location.span.start);
    if (model === undefined) outside ??= error;
    else if (!inside.has(model.span.start)) inside.set(model.span.start, error);
    for (const { location } of error.related) {
      const user = location.uri === uri ? around(models, location.span.start) : undefined;
      if (user !== undefined && !used.has(user.span.start)) used.set(user.span.start, error);
    }
  }
  return { all, inside, used, outside };
}
