import type { Span, SyntaxFix, SyntaxProblem } from '../../../grammar/syntax.ts';
import type { Location } from '../../network/network.ts';
import type { OpChange } from '../../network/op.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface RelatedInformation {
  readonly location: Location;
  readonly message: string;
}

/** A message for the user. `code` is stable: settings, tests and documentation refer to it. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong and what to do about it. */
  readonly message: string;
  readonly location: Location;
  /** The place of the mistake, where it is another than the one shown. */
  readonly cause?: Location;
  readonly related: readonly RelatedInformation[];
  /** A mechanical repair in the same file. */
  readonly fix?: SyntaxFix;
  /** Changes of the op at `location`, any of which repairs it. */
  readonly changes?: readonly OpChange[];
}

/** Something wrong in one file, before it is known where the user should see it: not a `Diagnostic` yet. */
export interface Problem {
  readonly code: string;
  readonly severity?: Severity;
  readonly message: string;
  readonly span: Span;
  readonly related?: readonly RelatedInformation[];
  readonly changes?: readonly OpChange[];
}

/** Takes what is wrong while something else goes on. */
export type Report = (problem: Problem) => void;

/** Swallows problems: for trial evaluations whose errors are reported elsewhere. */
export const silent: Report = () => undefined;

/**
 * Collects diagnostics; the first one of a code at a cause wins, so iterations and call sites that meet the same
 * mistake say it once.
 */
export class DiagnosticSink {
  readonly #diagnostics = new Map<string, Diagnostic>();

  add(diagnostic: Diagnostic): void {
    const key = keyOf(diagnostic);
    if (!this.#diagnostics.has(key)) this.#diagnostics.set(key, diagnostic);
  }

  /** Whether this cause has been reported already. */
  has(diagnostic: Diagnostic): boolean {
    return this.#diagnostics.has(keyOf(diagnostic));
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics.values()];
  }
}

function keyOf({ code, location, cause = location }: Diagnostic): string {
  return `${code} ${cause.uri} ${cause.span.start} ${cause.span.end}`;
}

/** A problem of a file, shown where it is. */
export function toDiagnostic(problem: Problem, uri: string): Diagnostic {
  return {
    code: problem.code,
    severity: problem.severity ?? 'error',
    message: problem.message,
    location: { uri, span: problem.span },
    related: problem.related ?? [],
  };
}

export function bySourceOrder(a: Diagnostic, b: Diagnostic): number {
  return (
    a.location.span.start - b.location.span.start ||
    a.location.span.end - b.location.span.end ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}

/** An error of the parser. */
export function syntaxDiagnostic(
  { code, message, span, related, fix }: SyntaxProblem,
  uri: string,
): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    location: { uri, span },
    related:
      related === undefined ? [] : [{ location: { uri, span: related.span }, message: related.message }],
    ...(fix === undefined ? {} : { fix }),
  };
}
