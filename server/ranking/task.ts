import type { Network } from '../network/network.ts';
import { elementCount, formatShape, type Shape } from '../network/shape.ts';

/** What a network is for. Networks of different tasks are no rivals (docs/ranking.md#tasks). */
export interface Task {
  readonly input: Shape;
  readonly classes: number;
}

export function taskOf({ inputShape, classes }: Pick<Network, 'inputShape' | 'classes'>): Task {
  return { input: inputShape, classes };
}

/** The name of a task, equal for equal ones: `32×32×3 → 10`. */
export function taskText({ input, classes }: Task): string {
  return `${formatShape(input).replaceAll('x', '×')} → ${classes}`;
}

/** Names of tasks that share one ranking: `32×32×3 → 10 + 224×224×3 → 1000`. */
export function tasksText(tasks: readonly string[]): string {
  return tasks.join(' + ');
}

/** What a ranking over several tasks says of itself. */
export const mergedText = 'Tasks are merged: models of different tasks share ranks, but are no rivals.';

/**
 * The name of a task as people type it: `32x32x3:10`, `32x32x3 -> 10`, or as `taskText` has it.
 *
 * @returns undefined for what names none
 */
export function parseTask(text: string): string | undefined {
  const match = /^(\d+(?:[x×]\d+)*)(?::|->|→)(\d+)$/i.exec(text.replaceAll(/[\s,]/g, ''));
  const [, input, classes] = match ?? [];
  return input === undefined || classes === undefined
    ? undefined
    : `${input.toLowerCase().replaceAll('x', '×')} → ${classes}`;
}

/** Small inputs first, then few classes. */
export function compareTasks(a: Task, b: Task): number {
  return (
    elementCount(a.input) - elementCount(b.input) ||
    a.classes - b.classes ||
    (taskText(a) < taskText(b) ? -1 : Number(taskText(a) !== taskText(b)))
  );
}

/** The names of all tasks among models, each once, small ones first. Models without a network have none. */
export function tasksOf(entries: readonly { readonly task?: Task }[]): readonly string[] {
  const tasks = entries.flatMap(({ task }) => (task === undefined ? [] : [task]));
  return [...new Set(tasks.toSorted(compareTasks).map(taskText))];
}
