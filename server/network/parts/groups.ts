import { ShapeError } from '../op.ts';

/** What is told about groups (or what `argument` calls them) that do not divide the channels: the largest number below that divides all of `counts`. */
export function groupsDetails(
  groups: number,
  counts: readonly number[],
  argument = 'groups',
): NonNullable<ConstructorParameters<typeof ShapeError>[2]> {
  let fitting = Math.min(groups, ...counts);
  while (counts.some((count) => count % fitting !== 0)) fitting--;
  return {
    code: 'groups-mismatch',
    changes: [{ kind: 'argument', name: argument, text: String(fitting) }],
  };
}

/** Channels of each of `count` equal parts. @throws ShapeError when there is a rest; `argument` is what the op calls `count` */
export function divided(op: string, channels: number, count: number, argument: string): number {
  if (channels % count === 0) return channels / count;
  throw new ShapeError(
    `\`${op}\`: ${count} ${argument} do not divide ${channels} channels`,
    `Choose \`${argument}\` that divide ${channels}.`,
    groupsDetails(count, [channels], argument),
  );
}
