// By which other scores a step that VKDNW prefers should be held: pairs of trained networks that differ in one choice, the one that
// VKDNW_single prefers beyond noise taken as the step, and how often a rule that lets it pass is right. Arguments: the folder of the tables, a
// journal, which is gone on with, and how many pairs of each space. A table in Markdown goes to standard output.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseTable } from '../../server/evaluation/table.ts';
import { namedAggregates } from '../../server/proxies/aggregates.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { proxyKind } from '../../server/proxies/proxy-kind.ts';
import { ProxyScorer } from '../../server/proxies/proxy-scorer.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { SecondOpinions, type Vote } from '../../server/search/second-opinion.ts';
import { Comparison, whatIfSettings } from '../../server/search/what-if.ts';
import { Workbench, type Sized } from '../../server/search/variants.ts';
import { openStore } from '../../server/store/store.ts';
import { integerStream } from '../../server/tensor/random.ts';
import { startEngine } from '../engine.ts';
import { rowOf, tableHead, titleOf } from './markdown-tables.ts';
import { memberText, spaces, type Space } from './spaces.ts';

const [folder = '../shared/data', journal = 'opinion-rules.jsonl', wanted = '40'] = process.argv.slice(2);

const settings = whatIfSettings(namedSettings.settled);

const partsOf = (aggregate: string): readonly string[] =>
  namedAggregates.find(({ name }) => name === aggregate)!.parts.filter((part) => !part.startsWith('vkdnw'));

const panels = { vkdnw_agg: partsOf('vkdnw_agg'), robust_agg: partsOf('robust_agg') };
const asked = [...new Set([...panels.vkdnw_agg, ...panels.robust_agg])];

/** A pair, from the network that VKDNW_single has lower to the other; `gain` in percent of accuracy. */
interface Pair {
  readonly space: string;
  readonly genotypes: readonly [string, string];
  readonly withinNoise: boolean;
  readonly gain: number;
  readonly votes: readonly Vote[];
}

interface Row {
  readonly genotype: string;
  readonly accuracy: number;
}

const known = existsSync(journal)
  ? readFileSync(journal, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Pair)
  : [];
const pairs: Pair[] = [];
const engine = startEngine({ engine: 'onnx-cpu', threads: 1 });
const scorer = new Scorer(engine);
const others = new ProxyScorer({ scorer, engine }, openStore(proxyKind));
try {
  const drawn = spaces.map((space) => ({ space, pairs: drawPairs(space) }));
  for (let index = 0; index < Number(wanted); index += 1) {
    for (const { space, pairs: own } of drawn) {
      const [a, b] = own[index]!;
      const before = known.find(
        ({ space: name, genotypes }) =>
          name === space.name && genotypes.includes(a.genotype) && genotypes.includes(b.genotype),
      );
      const pair = before ?? (await measure(space, a, b));
      if (before === undefined) appendFileSync(journal, `${JSON.stringify(pair)}\n`);
      pairs.push(pair);
    }
  }
} finally {
  await engine.dispose();
}
report();

/** Random networks, each with a random one that differs in one choice. */
function drawPairs(space: Space): readonly (readonly [Row, Row])[] {
  const path = join(folder, space.file);
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  const [genotype, accuracy, reachable] = ['genotype', space.targets.cifar10!, 'reachable'].map((title) =>
    columns.indexOf(title),
  ) as [number, number, number];
  const all = rows
    .filter(({ cells }) => reachable < 0 || cells[reachable] === '1')
    .map(({ cells }): Row => ({ genotype: cells[genotype]!.trim(), accuracy: Number(cells[accuracy]) }));
  const draw = integerStream(0, `pairs of ${space.name}`);
  return Array.from({ length: Number(wanted) }, () => {
    const base = all[draw(all.length)]!;
    const near = all.filter((row) => choicesApart(row.genotype, base.genotype) === 1);
    return [base, near[draw(near.length)]!] as const;
  });
}

function choicesApart(a: string, b: string): number {
  const [own, other] = [choicesOf(a), choicesOf(b)];
  return own.length === other.length ? own.filter((choice, at) => choice !== other[at]).length : Infinity;
}

/** Ops of a cell, widths of stages, or digits of layers. */
function choicesOf(genotype: string): readonly string[] {
  return genotype.includes('|')
    ? genotype.match(/[a-z][^|]*/g)!
    : genotype.split(genotype.includes(':') ? ':' : '');
}

async function measure(space: Space, a: Row, b: Row): Promise<Pair> {
  const [first, second] = [sized(space, a.genotype), sized(space, b.genotype)];
  const verdict = await new Comparison(scorer, settings, first).verdict(second);
  const rises = verdict.state === 'scored' && verdict.difference.delta > 0;
  const [from, to] = rises ? [a, b] : [b, a];
  const genotypes = [from.genotype, to.genotype] as const;
  const gain = to.accuracy - from.accuracy;
  if (verdict.state === 'failed' || verdict.difference.withinNoise)
    return { space: space.name, genotypes, withinNoise: true, gain, votes: [] };
  const measurer = {
    proxies: (network: Sized['network'], names: readonly string[], of: typeof settings) =>
      others.measure(network, names.map(proxyNamed), { settings: of, signal: new AbortController().signal }),
  };
  const [before, after] = rises ? [first, second] : [second, first];
  const { votes } = await new SecondOpinions(measurer, settings, before, asked).of(after);
  return { space: space.name, genotypes, withinNoise: false, gain, votes };
}

function sized(space: Space, genotype: string): Sized {
  const uri = 'file:///member.arch';
  const found = new Workbench(uri, memberText(space, genotype, 'cifar10'), () => undefined).sized({
    uri,
    name: 'Member',
  });
  if (found === undefined) throw new Error(`${genotype} has errors.`);
  return found;
}

function report(): void {
  const says = ({ votes }: Pair, names: readonly string[]): readonly [number, number] => {
    const heard = votes.filter(({ name }) => names.includes(name));
    const count = (what: Vote['says']): number => heard.filter((vote) => vote.says === what).length;
    return [count('better'), count('worse')];
  };
  const rule =
    (names: readonly string[], least = 1) =>
    (pair: Pair): boolean => {
      const [better, worse] = says(pair, names);
      return better > worse && better >= least;
    };
  const rules: readonly (readonly [title: string, passes: (pair: Pair) => boolean])[] = [
    ['VKDNW_single alone', () => true],
    ['the others of `vkdnw_agg`: more for than against', rule(panels.vkdnw_agg)],
    ['`robust_agg`: more for than against', rule(panels.robust_agg)],
    ['`robust_agg`: and two for at least', rule(panels.robust_agg, 2)],
    ['`robust_agg`: and three for at least', rule(panels.robust_agg, 3)],
    ...panels.robust_agg.map((name) => [`\`${name}\` alone`, rule([name])] as const),
  ];
  const lines = rules.map(([title, passes]) => {
    const cells = [...spaces.map(({ name }) => name), undefined].map((name) => {
      const steps = pairs.filter(({ space, withinNoise }) => !withinNoise && (name ?? space) === space);
      const taken = steps.filter(passes);
      const right = taken.filter(({ gain }) => gain > 0).length;
      const missed = steps.filter((pair) => pair.gain > 0 && !passes(pair)).length;
      const mean = taken.reduce((sum, { gain }) => sum + gain, 0) / taken.length;
      return taken.length === 0
        ? `0 of ${steps.length}`
        : `${right} of ${taken.length}, ${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(1)}; ${missed}`;
    });
    return rowOf([title, ...cells]);
  });
  const titles = spaces.map(({ name }) => titleOf({ space: name, dataSet: 'cifar10' }));
  process.stdout.write(`${[...tableHead(['rule', ...titles, 'all']), ...lines].join('\n')}\n`);
}
