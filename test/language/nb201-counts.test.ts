import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elementCount } from '../../server/network/shape.ts';
import type { NetworkNode } from '../../server/network/network.ts';
import { benchmarkTables } from '../support/benchmark.ts';
import { example, projectOf } from './support/helpers.ts';

/*
 * The published parameters and multiply-accumulates of all networks of a table, for the three data sets. Totals are additive
 * over edges, so instead of expanding up to 46,875 networks, those whose edges all have one op give the contribution of that
 * op on each edge, and a sample is expanded whole.
 */
const dataSets = [
  { name: 'cifar10', input: '32x32x3', classes: 10 },
  { name: 'cifar100', input: '32x32x3', classes: 100 },
  { name: 'imagenet16', input: '16x16x3', classes: 120 },
] as const;

const ops = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];
const edges = ['0-1', '0-2', '1-2', '0-3', '1-3', '2-3'];

interface Counts {
  readonly params: number;
  readonly macs: number;
}

function counts(nodes: readonly NetworkNode[]): Counts {
  let params = 0;
  let macs = 0;
  for (const node of nodes) {
    for (const param of node.params) params += elementCount(param.shape);
    macs += node.macs;
  }
  return { params, macs };
}

function source(genotypes: readonly string[], input: string, classes: number): string {
  const models = genotypes.map(
    (genotype, index) => `
cell Cell${index} = "${genotype}"
model Model${index} {
  input ${input}
  classes ${classes}
  Nb201Skeleton(Cell${index})
}`,
  );
  return `import { Nb201Skeleton } from "./blocks.arch"\n${models.join('\n')}\n`;
}

function analyseModels(genotypes: readonly string[], input: string, classes: number) {
  const project = projectOf({
    'blocks.arch': example('blocks.arch').text,
    'main.arch': source(genotypes, input, classes),
  });
  const analysis = project.analyse('file:///work/main.arch');
  expect(analysis.diagnostics).toEqual([]);
  return analysis.models;
}

interface Row {
  readonly genotype: string;
  readonly values: ReadonlyMap<string, number>;
}

function rows(file: string): Row[] {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return {
      genotype: cells[1]!,
      values: new Map(names.map((name, column) => [name, Number(cells[column])])),
    };
  });
}

test.each(benchmarkTables.flatMap((table) => dataSets.map((set) => ({ ...table, ...set }))))(
  'parameters and MACs of $networks networks: $name',
  ({ file, networks, name, input, classes }) => {
    const uniform = ops.map((op) => `|${op}~0|+|${op}~0|${op}~1|+|${op}~0|${op}~1|${op}~2|`);
    const perOp = analyseModels(uniform, input, classes).map(({ network }) => network!.nodes);
    const isEdge = (node: NetworkNode): boolean => /\/cell\.0\/\d+-\d+\//.test(node.path);
    const skeletons = perOp.map((nodes) => counts(nodes.filter((node) => !isEdge(node))));
    for (const skeleton of skeletons) expect(skeleton).toEqual(skeletons[0]);
    const contribution = new Map<string, Counts>();
    for (const [index, op] of ops.entries()) {
      for (const edge of edges) {
        const own = perOp[index]!.filter((node) => node.path.includes(`/cell.0/${edge}/`));
        expect(own).toHaveLength(15);
        contribution.set(`${op} ${edge}`, counts(own));
      }
    }

    const all = rows(file);
    expect(all).toHaveLength(networks);
    const wrong = all.filter(({ genotype, values }) => {
      let { params, macs } = skeletons[0]!;
      for (const [index, [, op]] of [...genotype.matchAll(/(\w+)~/g)].entries()) {
        const part = contribution.get(`${op} ${edges[index]}`)!;
        params += part.params;
        macs += part.macs;
      }
      return !agree({ params, macs }, values, name);
    });
    expect(wrong.map(({ genotype }) => genotype)).toEqual([]);

    // The sum over edges is what whole networks give.
    const sample = all.filter((_, index) => index % Math.ceil(networks / 39) === 0);
    const models = analyseModels(
      sample.map(({ genotype }) => genotype),
      input,
      classes,
    );
    for (const [index, { totals }] of models.entries()) {
      const { genotype, values } = sample[index]!;
      expect(agree(totals!, values, name), genotype).toBe(true);
    }
  },
);

/** The table has millions, parameters with six digits after the point (exact), MACs with five. */
function agree({ params, macs }: Counts, values: ReadonlyMap<string, number>, name: string): boolean {
  return (
    Math.abs(params - values.get(`${name}_params_m`)! * 1e6) < 0.5 &&
    Math.abs(macs - values.get(`${name}_macs_m`)! * 1e6) < 5.5
  );
}
