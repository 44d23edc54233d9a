/**
 * Strongly connected components (Tarjan, without recursion), each after every component it has an edge to.
 * `successors` may name nodes that are not in `nodes`; they are visited too.
 */
export function stronglyConnected<Node>(
  nodes: Iterable<Node>,
  successors: (node: Node) => Iterable<Node>,
): Node[][] {
  const components: Node[][] = [];
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const open = new Set<Node>();
  const stack: Node[] = [];

  const enter = (node: Node): Visit<Node> => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    open.add(node);
    return { node, rest: successors(node)[Symbol.iterator]() };
  };
  const lower = (node: Node, value: number): void => {
    if (value < low.get(node)!) low.set(node, value);
  };

  for (const root of nodes) {
    if (index.has(root)) continue;
    const visits = [enter(root)];
    while (visits.length > 0) {
      const { node, rest } = visits.at(-1)!;
      const next = rest.next();
      if (next.done !== true) {
        if (!index.has(next.value)) visits.push(enter(next.value));
        else if (open.has(next.value)) lower(node, index.get(next.value)!);
        continue;
      }
      visits.pop();
      const parent = visits.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(node)!);
      if (low.get(node) !== index.get(node)) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const member of component) open.delete(member);
      components.push(component);
    }
  }
  return components;
}

interface Visit<Node> {
  readonly node: Node;
  readonly rest: Iterator<Node>;
}

/** A shortest cycle through `start`, as `[start, …, start]`; `undefined` when there is none. */
export function cycleThrough<Node>(
  start: Node,
  successors: (node: Node) => Iterable<Node>,
): readonly Node[] | undefined {
  const cameFrom = new Map<Node, Node>();
  const queue = [start];
  for (const node of queue) {
    for (const next of successors(node)) {
      if (next === start) {
        const cycle = [start];
        for (let step: Node = node; step !== start; step = cameFrom.get(step)!) cycle.push(step);
        return [...cycle, start].reverse();
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}
