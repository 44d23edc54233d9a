import type { NetworkNode } from '../../network/network.ts';
import type { Report } from '../check/diagnostics.ts';
import type { Declaration, Module } from '../names/meaning.ts';
import { isNetwork } from '../names/templates.ts';

/** What a rule can see of a file. */
export interface LintContext {
  readonly module: Module;
  /** The ops of every model, and of the first member of every space, as far as they could be expanded. */
  readonly networks: readonly (readonly NetworkNode[])[];
  /** Names of this file that other files import, as far as they are known. */
  readonly imported: ReadonlySet<string>;
}

/** One suspicious thing. A rule stays silent where an error has been reported, and about what it cannot know. */
export interface LintRule {
  /** One of `diagnosticCodes.lint`. */
  readonly code: string;
  check(context: LintContext, report: Report): void;
}

/** Declarations without a syntax error inside. */
export function sound({ declarations }: Module): readonly Declaration[] {
  return declarations.filter(({ damaged }) => !damaged);
}

/** Networks and spaces are what is scored; a file without any is a library, all of whose declarations are for others. */
export function isLibrary({ declarations }: Module): boolean {
  return !declarations.some(({ decl }) => isNetwork(decl) || decl.kind === 'space');
}
