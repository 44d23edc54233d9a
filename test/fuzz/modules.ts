import type { FuzzTarget } from './target.ts';

/** Targets, and where the processes that try their cases find them. */
export interface TargetModule {
  readonly url: string;
  readonly targets: readonly FuzzTarget[];
}

/** Those of the program. */
export const programTargets = new URL('targets/index.ts', import.meta.url).href;

export async function loadTargets(url: string = programTargets): Promise<TargetModule> {
  const { targets } = (await import(url)) as Pick<TargetModule, 'targets'>;
  return { url, targets };
}

export function targetNamed({ targets }: Pick<TargetModule, 'targets'>, name: string): FuzzTarget {
  const found = targets.find((target) => target.name === name);
  if (found === undefined) throw new Error(`There is no target "${name}".`);
  return found;
}
