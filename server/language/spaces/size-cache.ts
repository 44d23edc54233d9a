import { shownName } from '../names/shown-name.ts';
import type { DiagnosticSink } from '../check/diagnostics.ts';
import type { Declaration } from '../names/meaning.ts';
import type { Work } from '../work.ts';
import { type Counted, countMembers } from './size/count-members.ts';
import { Uncountable } from './size/members.ts';
import { sizeSteps, type SpaceSize } from './space-size.ts';

/** The members of a space, or a diagnostic that says why they are not known, or that there are none. */
export function countedSpace(
  declaration: Declaration,
  classes: number,
  sink: DiagnosticSink,
  counting: Work,
): Counted | undefined {
  const { name } = declaration.decl;
  const report = (code: string, message: string): void => {
    const location = { uri: declaration.module.uri, span: name.span };
    sink.add({ code, severity: 'warning', message, location, related: [] });
  };
  const shown = `\`${shownName(name.name)}\``;
  try {
    const counted = countMembers(declaration, classes, counting);
    if (counted.ways.count === 0n)
      report('space-empty', `No network of ${shown} keeps to its constraints: loosen one of them.`);
    return counted;
  } catch (error) {
    if (!(error instanceof Uncountable)) throw error;
    report('space-not-countable', `The members of ${shown} cannot be counted: ${error.message}.`);
    return undefined;
  }
}

/** A size that is found where somebody asks for it, for it may take some tenths of a second. */
export interface LazySize {
  /** Whether it is known, or known at once. */
  readonly isKnown: boolean;
  /** At most so many. */
  readonly most: bigint | undefined;
  /** Finds it, a member a step. */
  steps(): Generator<undefined, SpaceSize | undefined>;
}

const noSize: LazySize = {
  isKnown: true,
  most: undefined,
  // eslint-disable-next-line require-yield
  *steps() {
    return undefined;
  },
};

/** Sizes of the spaces of a file, kept from text to text as long as nothing changes that they are made of. */
export class SizeCache {
  readonly #known = new Map<string, { readonly key: string; readonly size: SpaceSize | undefined }>();

  /** @param made the declarations the space is made of */
  of(
    declaration: Declaration,
    counted: Counted | undefined,
    classes: number,
    maxOps: number,
    made: readonly Declaration[],
  ): LazySize {
    if (counted === undefined) return noSize;
    const known = this.#known;
    const { name } = declaration;
    const key = made
      .map(({ name: each, module, decl: { span } }) => `${each} ${module.text.slice(span.start, span.end)}`)
      .join('\n');
    return {
      get isKnown() {
        return counted.open.size === 0 || known.get(name)?.key === key;
      },
      most: counted.ways.count,
      *steps() {
        const found = known.get(name);
        if (found?.key === key) return found.size;
        const size = yield* sizeSteps(declaration, counted, classes, maxOps);
        known.set(name, { key, size });
        return size;
      },
    };
  }
}

/** Finds a size at once. */
export function sizeNow(size: LazySize): SpaceSize | undefined {
  const steps = size.steps();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
