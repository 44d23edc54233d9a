// The networks of examples/zoo, held against what is published of them.
import { describe, expect, test } from 'vitest';
import { format } from '../../grammar/format/format.ts';
import { chosen } from '../../server/language/check/severities.ts';
import { signalDiagnostics } from '../../server/language/check/no-signal.ts';
import { formatShape } from '../../server/network/shape.ts';
import { convLinearMacs, grouped, publishedNetworks, zooFiles, zooModel, zooProject } from './support/zoo.ts';

const published = publishedNetworks();

describe.each(zooFiles)('$name', ({ uri, text, models }) => {
  test('has nothing to report', () => {
    // Published networks have biases in front of norms, and say so.
    const linted = chosen(zooProject.lint(uri), zooProject.analyse(uri));
    const silent = [...signalFindings(uri)];
    expect([...linted, ...silent].map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });

  test('is formatted, in lines of at most 120 characters', () => {
    expect(format(text)).toBe(text);
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  test('has models that are in the table alone', () => {
    const listed = published.filter(({ file }) => uri.endsWith(`/${file}`)).map(({ model }) => model);
    expect(listed).toEqual(models.map(({ name }) => name));
  });

  function* signalFindings(of: string) {
    const steps = signalDiagnostics(zooProject.analyse(of), []);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    yield* step.value;
  }
});

test.each(published)('$name has the published parameters and multiply-accumulates, and says so', (row) => {
  const { doc, network, totals } = zooModel(row.file, row.model);
  expect(totals.params).toBe(row.parameters);
  if (row.macs !== undefined) expect(convLinearMacs(network, row.without)).toBe(row.macs);
  expect(doc).toContain(`${grouped(row.parameters)} parameters`);
  expect(doc).toContain(`${grouped(convLinearMacs(network))} multiply-accumulates`);
  expect(doc).toContain(`(${row.source})`);
  expect(doc).toMatch(/\b(?:19|20)\d\d\)/);
});

test('a task is one input and one number of classes', () => {
  const tasks = new Map<string, Set<string>>();
  for (const { task, file, model } of published) {
    const { network } = zooModel(file, model);
    const inputs = tasks.get(task) ?? new Set<string>();
    tasks.set(task, inputs.add(`${formatShape(network.inputShape)} ${network.classes}`));
  }
  expect([...tasks.values()].filter(({ size }) => size !== 1)).toEqual([]);
  expect(new Set([...tasks.values()].flatMap((inputs) => [...inputs])).size).toBe(tasks.size);
});

test('what the program counts is the convention, one for every bias, and the products of attention', () => {
  // ResNet-50 has the biases of its last layer; ViT-B/16 those of all, and two products of 197 by 197 by 768 an encoder.
  const resnet = zooModel('resnet.arch', 'ResNet50');
  expect(resnet.totals.macs - convLinearMacs(resnet.network)).toBe(1000);
  const vit = zooModel('vit.arch', 'ViTB16');
  const biases = 768 * 196 + 12 * 197 * (3 * 768 + 768 + 4 * 768 + 768) + 1000;
  const products = 12 * 2 * 197 * 197 * 768;
  expect(vit.totals.macs - convLinearMacs(vit.network)).toBe(biases + products);
});
