import { opinionProxies } from '../second-opinion.ts';
import { objectiveName, type Objective } from './objective.ts';

/** The scores that must agree to a step: the parts of an aggregate, else those of the second opinion that are not the objective. */
export function votersOf(objective: Objective): {
  readonly names: readonly string[];
  readonly areParts: boolean;
} {
  if (objective.kind === 'aggregate') return { names: objective.aggregate.parts, areParts: true };
  return { names: opinionProxies.filter((name) => name !== objectiveName(objective)), areParts: false };
}
