import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { canonicalNetwork } from '../../server/network/canonical.ts';
import { Project } from '../../server/language/project.ts';
import { diskProject, example } from './support/helpers.ts';

const files = readdirSync(fileURLToPath(new URL('../../examples/', import.meta.url))).filter((name) =>
  name.endsWith('.arch'),
);
const project = diskProject();

test.each(files)('%s has no diagnostics, and every model a network', (name) => {
  const { uri } = example(name);
  const analysis = project.analyse(uri);
  expect(analysis.diagnostics).toEqual([]);
  for (const model of analysis.models) expect(model.network, model.name).toBeDefined();
  for (const space of analysis.spaces) expect(space.size, space.name).toBeDefined();
});

test.each(files)('the comments of %s state the sizes of its models', (name) => {
  for (const { name: model, doc = '', totals } of project.analyse(example(name).uri).models) {
    const stated = /([\d.]+) M parameters, ([\d.]+) M multiply-accumulates/.exec(doc);
    expect(stated, model).not.toBeNull();
    for (const [index, count] of [totals!.params, totals!.macs].entries()) {
      const text = stated![index + 1]!;
      const digits = text.split('.')[1]?.length ?? 0;
      expect(text, model).toBe((count / 1e6).toFixed(digits));
    }
  }
});

describe('published sizes', () => {
  // Parameters and multiply-accumulates as published, ℵ counted by hand.
  test.each([
    ['resnet20.arch', 'ResNet20', { params: 272_474, macs: 40_813_194, layers: 22 }],
    ['mobilenetv2.arch', 'MobileNetV2', { params: 3_504_872, macs: 300_775_272, layers: 53 }],
    ['nasbench201.arch', 'BestByGenotype', { params: 1_073_466, macs: 153_272_970, layers: 83 }],
  ])('%s', (name, model, totals) => {
    const analysis = project.analyse(example(name).uri);
    expect(analysis.models.find((each) => each.name === model)?.totals).toEqual(totals);
  });

  test.each([['nasbench201-space.arch', 'NasBench201', 5n ** 6n]])('%s: %s', (name, space, size) => {
    const analysis = project.analyse(example(name).uri);
    expect(analysis.spaces.find((each) => each.name === space)?.size).toBe(size);
  });

  test.each([
    ['MobileNetV2Space', 3n * (3n * 4n * 4n) ** 6n],
    ['MobileNetV2Wide', (3n * (9n + 9n ** 2n + 9n ** 3n + 9n ** 4n)) ** 7n],
  ])('%s, of which the constraints leave a part', (space, size) => {
    const { spaces } = project.analyse(example('mobilenetv2-space.arch').uri);
    const { of, kept, drawn } = spaces.find((each) => each.name === space)!.estimate!;
    expect(of).toBe(size);
    expect(kept).toBeGreaterThan(0.1 * drawn);
    expect(kept).toBeLessThan(drawn);
  });
});

test.each(['0.35', '0.5', '0.75', '1.4'])('MobileNetV2 has other widths: %s', (width) => {
  const { text } = example('mobilenetv2.arch');
  const wider = text.replace('let width = 1.0', `let width = ${width}`).replace(/^ *constraint .*$/m, '');
  const { uri } = example('mobilenetv2.arch');
  const analysis = new Project({
    read: (other) => (other === uri ? wider : readFileSync(fileURLToPath(other), 'utf8')),
  }).analyse(uri);
  expect(analysis.diagnostics).toEqual([]);
  // By torchvision's rule of mobilenet_v2(width_mult), summed up apart.
  const published = { '0.35': 1_677_128, '0.5': 1_968_680, '0.75': 2_636_424, '1.4': 6_108_776 };
  expect(analysis.models[0]!.totals?.params).toBe(published[width as keyof typeof published]);
});

test('a cell by genotype and by edges is the same network', () => {
  const [byGenotype, byEdges] = project.analyse(example('nasbench201.arch').uri).models;
  expect(canonicalNetwork(byGenotype!.network!)).toEqual(canonicalNetwork(byEdges!.network!));
});

test('a member of the NAS-Bench-201 space is the network of its genotype', () => {
  const [space] = project.analyse(example('nasbench201-space.arch').uri).spaces;
  const member = space!.instantiate({
    'Nb201Cell.0->1': 'nor_conv_3x3',
    'Nb201Cell.0->2': 'nor_conv_3x3',
    'Nb201Cell.1->2': 'nor_conv_3x3',
    'Nb201Cell.0->3': 'skip_connect',
    'Nb201Cell.1->3': 'nor_conv_1x1',
    'Nb201Cell.2->3': 'nor_conv_3x3',
  });
  expect(member.diagnostics).toEqual([]);
  const [byGenotype] = project.analyse(example('nasbench201.arch').uri).models;
  expect(canonicalNetwork(member.network!)).toEqual(canonicalNetwork(byGenotype!.network!));
});
