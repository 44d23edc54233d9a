import { isLeaf, type NodeId, type Program } from '../ir.ts';
import { isView, macsOf } from '../ops/index.ts';
import { count } from '../shapes.ts';
import { readWhole, type Way } from './ways.ts';

/** What every stage computes and reads. */
export interface Schedule {
  readonly stages: readonly PlannedStage[];
  /** Most bytes of values of all samples kept at once. */
  readonly bytes: number;
  /** Of all stages, in multiply-accumulates or their worth in memory traffic. */
  readonly work: number;
}

export interface PlannedStage {
  /** Whether it runs once, on what is one for all samples. */
  readonly isFixed: boolean;
  /** What it makes for later stages or as an output. */
  readonly targets: readonly NodeId[];
  /** What it computes, its targets among it. */
  readonly computed: readonly NodeId[];
  /** Values of earlier stages: those that it reads chunk by chunk, and those that every chunk reads whole. */
  readonly rows: readonly NodeId[];
  readonly whole: readonly NodeId[];
  /** Of these, what no later stage reads. */
  readonly done: readonly NodeId[];
}

/** Thresholds that are tried, in work a byte: from keeping nearly all to keeping nearly nothing. */
const lasting = [0, 10, 30, 100, 200, 400, 800, 1600, 3e3, 6e3, 1.2e4, 3e4, 1e5, 1e6, Infinity];
const passing = [0, 5, 8, 30, 100, 300];

/** The schedule that is the least work among those that keep no more bytes than there is room for; where there is none, the smallest. */
export function scheduleWithin(program: Program, ways: readonly Way[], room: number): Schedule {
  const scheduler = new Scheduler(program, ways);
  let best: Schedule | undefined;
  for (const threshold of lasting) {
    const single = scheduler.schedule(threshold);
    const all = passing.map((own) => scheduler.schedule(threshold, single, own));
    for (const tried of [single, ...all]) if (best === undefined || isBetter(tried, best, room)) best = tried;
    if (threshold === 0 && single.bytes <= room) return single;
  }
  return best!;
}

function isBetter(one: Schedule, other: Schedule, room: number): boolean {
  const [fits, otherFits] = [one.bytes <= room, other.bytes <= room];
  if (fits !== otherFits) return fits;
  return fits ? one.work < other.work : one.bytes < other.bytes;
}

/** A value that is kept from one stage to another. */
interface Span {
  readonly from: number;
  /** Last stage that reads it. */
  to: number;
}

/** Stages this far apart, or less, read a value that the first of them computes again, instead of each computing it. */
const nearby = 12;

const macsPerElement = 16;

class Scheduler {
  readonly #program: Program;
  readonly #ways: readonly Way[];
  readonly #whole: ReadonlySet<NodeId>;
  /** Of each node for all samples. */
  readonly #work: readonly number[];
  /** Number of stages on samples; the one on what is fixed comes after them. */
  readonly #levels: number;

  constructor(program: Program, ways: readonly Way[]) {
    this.#program = program;
    this.#ways = ways;
    this.#whole = readWhole(program, ways);
    this.#levels = Math.max(...ways.map(({ level }) => level)) + 1;
    this.#work = program.nodes.map(({ op, inputs, shape }) => {
      if (isLeaf(op) || isView(op) || !this.#varies(inputs)) return 0;
      const shapes = inputs.map((input) => program.nodes[input]!.shape);
      return macsOf(op, shapes, shape) + macsPerElement * Math.max(count(shape), ...shapes.map(count));
    });
  }

  /**
   * @param threshold values are kept from when they can first be computed if to compute them again from others that are kept would be more work a byte
   * @param single the schedule for that threshold alone
   * @param own what stages near each other compute again is computed once and kept between them, if that node alone is more work a byte
   */
  schedule(threshold: number, single?: Schedule, own = Infinity): Schedule {
    const spans = new Map<NodeId, Span[]>();
    for (const id of this.#kept(threshold)) spans.set(id, [{ from: this.#ways[id]!.level, to: Infinity }]);
    return this.#plan(single === undefined ? spans : this.#withSpansOf(single, spans, own));
  }

  #varies(inputs: readonly NodeId[]): boolean {
    return inputs.some((input) => this.#ways[input]!.axis !== undefined);
  }

  /** Where signal meets again, what is not kept counts once for each way: such places are kept first. */
  #kept(perByte: number): ReadonlySet<NodeId> {
    const again: number[] = [];
    const chosen = new Set<NodeId>(
      [...this.#whole].filter((id) => this.#program.nodes[id]!.op.op !== 'input'),
    );
    for (const [id, { op, inputs, shape }] of this.#program.nodes.entries()) {
      let own = this.#work[id]!;
      for (const input of inputs) own += again[input]!;
      const { axis, term } = this.#ways[id]!;
      if (axis === undefined || term !== undefined || chosen.has(id)) own = 0;
      else if (axis === 0 && !isLeaf(op) && !isView(op) && own > perByte * 4 * count(shape)) {
        chosen.add(id);
        own = 0;
      }
      again.push(own);
    }
    return chosen;
  }

  /** What costs products and is computed by several stages near each other gets spans of its own. */
  #withSpansOf(
    { stages }: Schedule,
    spans: ReadonlyMap<NodeId, readonly Span[]>,
    perByte: number,
  ): ReadonlyMap<NodeId, Span[]> {
    const levels = new Map<NodeId, number[]>();
    for (const stage of stages) {
      if (stage.isFixed) continue;
      const level = this.#levelOf(stage);
      for (const id of stage.computed) {
        const { op, shape } = this.#program.nodes[id]!;
        const isCheap = this.#work[id]! <= perByte * 4 * count(shape);
        if (isCheap || this.#ways[id]!.axis !== 0 || isView(op) || spans.has(id)) continue;
        levels.set(id, [...(levels.get(id) ?? []), level]);
      }
    }
    const all = new Map<NodeId, Span[]>(
      [...spans].map(([id, own]) => [id, own.map((span) => ({ ...span }))]),
    );
    for (const [id, own] of levels) {
      const clusters: Span[] = [];
      for (const level of own) {
        const last = clusters.at(-1);
        if (last !== undefined && level - last.to <= nearby) last.to = level;
        else clusters.push({ from: level, to: level });
      }
      const lasting = clusters.filter(({ from, to }) => to > from);
      if (lasting.length > 0) all.set(id, lasting);
    }
    return all;
  }

  #levelOf(stage: PlannedStage): number {
    return stage.isFixed ? this.#levels : (this.#levelsOf.get(stage) ?? 0);
  }

  readonly #levelsOf = new WeakMap<PlannedStage, number>();

  /** From the last stage to the first: each computes the terms of its level, and what later ones read. */
  #plan(allowed: ReadonlyMap<NodeId, readonly Span[]>): Schedule {
    const targets = Array.from({ length: this.#levels }, () => new Set<NodeId>());
    const read = new Map<NodeId, Span[]>();
    const fixed = new Set<NodeId>();
    for (const { node } of this.#program.outputs) {
      const { axis, level } = this.#ways[node]!;
      if (axis !== 0) fixed.add(node);
      else {
        targets[level]!.add(node);
        read.set(node, [{ from: level, to: Infinity }]);
      }
    }
    const stages: PlannedStage[] = [];
    for (let level = this.#levels; level >= 0; level -= 1) {
      const isFixed = level === this.#levels;
      const own = isFixed ? fixed : targets[level]!;
      if (own.size === 0) continue;
      const stage = this.#planned(level, own, allowed, isFixed);
      const done: NodeId[] = [];
      for (const id of [...stage.rows, ...stage.whole]) {
        const from = this.#spanAt(allowed.get(id), level)?.from ?? this.#ways[id]!.level;
        targets[from]!.add(id);
        const known = read.get(id)?.find((span) => span.from === from);
        if (known !== undefined) continue;
        read.set(id, [...(read.get(id) ?? []), { from, to: level }]);
        done.push(id);
      }
      const whole = { ...stage, done };
      this.#levelsOf.set(whole, level);
      stages.unshift(whole);
    }
    return { stages, bytes: this.#peak(read), work: this.#workOf(stages) };
  }

  #spanAt(spans: readonly Span[] | undefined, level: number): Span | undefined {
    return spans?.find(({ from, to }) => from < level && level <= to);
  }

  #planned(
    level: number,
    targets: ReadonlySet<NodeId>,
    allowed: ReadonlyMap<NodeId, readonly Span[]>,
    isFixed: boolean,
  ): Omit<PlannedStage, 'done'> {
    const { nodes } = this.#program;
    const rows = new Set<NodeId>();
    const whole = new Set<NodeId>();
    const computed = new Set<NodeId>();
    const open = [...targets];
    while (open.length > 0) {
      const id = open.pop()!;
      if (computed.has(id)) continue;
      const way = this.#ways[id]!;
      if (way.term !== undefined && way.level < level) whole.add(id);
      else if (
        way.axis !== undefined &&
        !targets.has(id) &&
        this.#spanAt(allowed.get(id), level) !== undefined
      )
        rows.add(id);
      else {
        computed.add(id);
        for (const [at, input] of nodes[id]!.inputs.entries())
          if (way.readsWhole === true && at === 1) whole.add(input);
          else open.push(input);
      }
    }
    const ascending = (ids: ReadonlySet<NodeId>): NodeId[] => [...ids].sort((a, b) => a - b);
    return {
      isFixed,
      targets: ascending(targets),
      computed: ascending(computed),
      rows: ascending(rows),
      whole: ascending(whole),
    };
  }

  #peak(read: ReadonlyMap<NodeId, readonly Span[]>): number {
    const changes = new Float64Array(this.#levels + 2);
    for (const [id, spans] of read) {
      if (this.#ways[id]!.axis === undefined) continue;
      const bytes = 4 * count(this.#program.nodes[id]!.shape);
      for (const { from, to } of spans) {
        changes[from]! += bytes;
        changes[Math.min(to, this.#levels) + 1]! -= bytes;
      }
    }
    let alive = 0;
    return changes.reduce((peak, change) => Math.max(peak, (alive += change)), 0);
  }

  #workOf(stages: readonly PlannedStage[]): number {
    let sum = 0;
    for (const { computed } of stages) for (const id of computed) sum += this.#work[id]!;
    return sum;
  }
}
