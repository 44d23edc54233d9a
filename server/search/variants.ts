import { Pacer } from '../base/pacer.ts';
import { Project } from '../language/project.ts';
import type { Declaration, Module } from '../language/names/meaning.ts';
import { isNetwork } from '../language/names/templates.ts';
import type { FileAnalysis, FileSource, ModelAnalysis } from '../language/analysis.ts';
import type { Network, NetworkTotals } from '../network/network.ts';
import { networkHash } from '../score/key.ts';
import { applied } from '../../grammar/format/format.ts';
import type { Move } from './moves/move.ts';

/** Edited texts are analysed for so many milliseconds before other work gets its turn. */
const slice = 10;

/** Characters of edited texts that are analysed for one list. */
const mostCharacters = 10_000_000;

/** A model: a file and a name in it. */
export interface ModelPlace {
  readonly uri: string;
  readonly name: string;
}

/** A network that can be scored. */
export interface Sized {
  readonly network: Network;
  readonly totals: NetworkTotals;
}

/** A neighbour: a move, and the network it leads to. */
export interface Variant extends Sized {
  readonly move: Move;
}

/** The neighbours of a network that can be scored, and how many others there are. */
export interface Variants {
  readonly variants: readonly Variant[];
  /** Moves after which the text has errors that it did not have. */
  readonly leftOut: number;
  /** Moves that nobody has looked at: each takes an analysis of the text, and a long text has thousands. */
  readonly untried: number;
}

/**
 * Texts as they would be after an edit of one file. Analyses of the files that the edit does not reach are shared
 * between edits.
 */
export class Workbench {
  readonly #uri: string;
  readonly #project: Project;
  #text: string;

  /** @param uri of the file that is edited, as its analysis has it */
  constructor(uri: string, text: string, read: FileSource['read']) {
    this.#uri = uri;
    this.#text = text;
    this.#project = new Project({ read: (other) => (other === uri ? this.#text : read(other)) });
  }

  get module(): Module {
    return this.#project.module(this.#uri);
  }

  /** The module of another file. */
  moduleOf(uri: string): Module {
    return this.#project.module(uri);
  }

  get text(): string {
    return this.#text;
  }

  /** Goes on from another text. */
  edit(text: string): void {
    this.#text = text;
    this.#project.invalidate(this.#uri);
  }

  /** The network of a model as the texts are; undefined when they leave none. */
  sized(place: ModelPlace): Sized | undefined {
    const { network, totals } = this.#model(place) ?? {};
    return network === undefined || totals === undefined ? undefined : { network, totals };
  }

  declaration({ uri, name }: ModelPlace): Declaration | undefined {
    return this.#project.module(uri).declarations.find((each) => isNetwork(each.decl) && each.name === name);
  }

  /**
   * The neighbours that have no errors and are another network than the base and than each other. Leaves time for other
   * work; until it is done the workbench must not be used.
   */
  async variants(place: ModelPlace, moves: readonly Move[]): Promise<Variants> {
    const base = this.sized(place);
    if (base === undefined) return { variants: [], leftOut: 0, untried: moves.length };
    const text = this.#text;
    const errors = this.#errors(place);
    const known = new Set([networkHash(base.network)]);
    const variants: Variant[] = [];
    let leftOut = 0;
    const tried = moves.slice(0, Math.ceil(mostCharacters / Math.max(1, text.length)));
    const pacer = new Pacer(slice);
    for (const move of tried) {
      if (pacer.isDue) await pacer.pause();
      this.edit(applied(text, move.changes));
      const sized = this.sized(place);
      if (sized === undefined || this.#errors(place) > errors) {
        leftOut += 1;
        continue;
      }
      const hash = networkHash(sized.network);
      if (known.has(hash)) continue;
      known.add(hash);
      variants.push({ move, ...sized });
    }
    this.edit(text);
    return { variants, leftOut, untried: moves.length - tried.length };
  }

  /** Errors of the edited file and of the model's. */
  #errors({ uri }: ModelPlace): number {
    const files = new Set([this.#project.analyse(this.#uri), this.#project.analyse(uri)]);
    return [...files].reduce((sum, file) => sum + errorCount(file), 0);
  }

  #model({ uri, name }: ModelPlace): ModelAnalysis | undefined {
    return this.#project.analyse(uri).models.find((model) => model.name === name);
  }
}

function errorCount({ diagnostics }: FileAnalysis): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}
