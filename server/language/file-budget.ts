import { formatInteger } from '../base/quantities.ts';
import type { DiagnosticSink } from './check/diagnostics.ts';
import type { ExpandedModel } from './expand/model.ts';
import type { Declaration } from './names/meaning.ts';
import { Work } from './work.ts';

/** Ops, steps and declarations that all models and spaces of a file may take together. */
const most = 600_000;

/** Values computed to count the members of all its spaces. */
const mostCounting = 16_000_000;

/** What the networks of one file may take together: each is small, but a file can have thousands. */
export class FileBudget {
  readonly #sink: DiagnosticSink;
  readonly #work = new Work(most);
  readonly counting = new Work(mostCounting);
  #told = false;

  constructor(sink: DiagnosticSink) {
    this.#sink = sink;
  }

  /** Whether there is some left for a model or space; the first for which there is none is reported. */
  allows({ decl: { name }, module }: Declaration): boolean {
    if (!this.#work.exhausted) return true;
    if (this.#told) return false;
    this.#told = true;
    this.#sink.add({
      code: 'too-many-ops',
      severity: 'error',
      message: `The networks of this file take more than ${formatInteger(most)} ops and steps to expand: from here on none is. Put them into several files.`,
      location: { uri: module.uri, span: name.span },
      related: [],
    });
    return false;
  }

  spend({ work, counting }: ExpandedModel, made: readonly Declaration[]): void {
    this.#work.spend(work + counting + made.length);
  }
}
