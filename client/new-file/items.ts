import { formatCount } from '../../server/base/quantities.ts';
import type { ZooAnswer } from '../../server/protocol/zoo.ts';
import type { ZooNetwork, ZooSpace } from '../../server/zoo/zoo.ts';

/** A row of the list, or the title of those below it. */
export type NewFileItem =
  | { readonly title: string }
  | {
      readonly label: string;
      readonly description: string;
      readonly detail: string;
      readonly name?: string;
    };

/** What a new file may begin with: a small network of no paper, then the published ones by family, and search spaces. */
export function newFileItems({ networks, spaces }: ZooAnswer): readonly NewFileItem[] {
  const families = new Map<string, ZooNetwork[]>();
  for (const network of networks) {
    const known = families.get(network.family);
    if (known === undefined) families.set(network.family, [network]);
    else known.push(network);
  }
  return [
    {
      label: 'Small residual network',
      description: 'for 32 × 32 images',
      detail: 'Short, and scored in a moment: to begin with',
    },
    ...[...families].flatMap(([title, of]): NewFileItem[] => [{ title }, ...of.map(itemOf)]),
    ...(spaces.length === 0 ? [] : [{ title: 'Search spaces' }, ...spaces.map(spaceItem)]),
  ];
}

function itemOf({ name, model, task, parameters, macs, top1, top1Source }: ZooNetwork): NewFileItem {
  const cost = macs === undefined ? '' : ` · ${formatCount(macs)} MACs`;
  const accuracy = top1 === undefined ? '' : ` · published top-1 ${top1} % (${top1Source ?? ''})`;
  return {
    label: name,
    description: `${formatCount(parameters)} parameters${cost}`,
    detail: `${task}${accuracy}`,
    name: model,
  };
}

function spaceItem({ name, summary }: ZooSpace): NewFileItem {
  return { label: name, description: 'search space', detail: summary, name };
}
