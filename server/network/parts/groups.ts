import type { ShapeError } from '../op.ts';

/** What is told about groups that do not divide the channels: the largest number below that divides all of `counts`. */
export function groupsDetails(
  groups: number,
  ...counts: readonly number[]
): NonNullable<ConstructorParameters<typeof ShapeError>[2]> {
  let fitting = Math.min(groups, ...counts);
  while (counts.some((count) => count % fitting !== 0)) fitting--;
  return {
    code: 'groups-mismatch',
    changes: [{ kind: 'argument', name: 'groups', text: String(fitting) }],
  };
}
