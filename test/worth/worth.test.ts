import { expect, test } from 'vitest';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { comparisonOf } from '../../server/worth/comparison.ts';
import { outlineOf } from '../../server/worth/outline.ts';
import { formatSettings } from '../../server/score/settings.ts';
import {
  amongText,
  better,
  comparisonTexts,
  measuredSettings,
  verdictOf,
  worthOf,
  worthOfMetric,
  worthText,
  type ComparisonKind,
} from '../../server/worth/worth.ts';
import { zooModel } from '../language/support/zoo.ts';

const kinds = Object.keys(comparisonTexts) as ComparisonKind[];

test.each(kinds)(
  'the worth for %s is whole: every tau in its interval, every mean that of its columns',
  (kind) => {
    const { metrics, setting, source, engine, version, command } = worthOf(kind);
    // More draws make a score less noisy, and no other one.
    expect(setting.replace(/\bS \d+/, `S ${measuredSettings.seeds}`)).toBe(formatSettings(measuredSettings));
    for (const text of [setting, source, engine, version, command]) expect(text).not.toBe('');
    expect(metrics.length).toBeGreaterThan(1);
    for (const { metric, tau, low, high, columns } of metrics) {
      for (const each of [{ tau, low, high }, ...columns]) {
        expect(each.low, metric).toBeGreaterThanOrEqual(-1);
        expect(each.low, metric).toBeLessThanOrEqual(each.tau);
        expect(each.tau, metric).toBeLessThanOrEqual(each.high);
        expect(each.high, metric).toBeLessThanOrEqual(1);
      }
      const mean = columns.reduce((sum, column) => sum + column.tau, 0) / columns.length;
      expect(tau, metric).toBeCloseTo(mean, 2);
      for (const { networks, space, dataSet } of columns) {
        expect(networks).toBeGreaterThan(2);
        expect(`${space} ${dataSet}`).not.toContain('undefined');
      }
    }
    expect(metrics.map(({ tau }) => tau)).toEqual(metrics.map(({ tau }) => tau).toSorted((a, b) => b - a));
  },
);

test.each(kinds)('what is better for %s is so with its whole interval, and was measured', (kind) => {
  for (const { metric, tau, columns } of worthOf(kind).metrics) {
    for (const rival of better(kind, metric)) {
      expect(rival.difference.low).toBeGreaterThan(0);
      const other = worthOfMetric(kind, rival.metric)!;
      // What was chosen on some of the networks is compared on the others alone.
      if (other.columns[0]!.networks === columns[0]!.networks)
        expect(rival.difference.tau).toBeCloseTo(rival.tau - tau, 2);
      expect(better(kind, rival.metric).map((each) => each.metric)).not.toContain(metric);
    }
  }
});

test('the entropy orders what lens and panel say that it orders, and no more is said of it', () => {
  expect(amongText).toMatch(/one skeleton/);
  expect(verdictOf('ops', 'vkdnw')).toBe('orders');
});

test('the entropy misleads between widths and depths, where counts and aggregates order', () => {
  for (const kind of ['width', 'depth'] as const) {
    expect(verdictOf(kind, 'vkdnw')).toBe('misleads');
    expect(verdictOf(kind, 'macs')).toBe('orders');
    expect(better(kind, 'vkdnw').map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['macs', 'vkdnw_agg']),
    );
  }
  expect(verdictOf('ops', 'vkdnw_agg')).toBe('orders');
  expect(verdictOf('ops', 'constructor')).toBeUndefined();
  expect(better('ops', 'constructor')).toEqual([]);
});

test('a worth is told with its interval and its networks', () => {
  expect(worthText(worthOfMetric('ops', 'macs')!)).toMatch(
    /^τ \.\d{3} \[\.\d{3}, \.\d{3}\], 3 × [\d,]+ networks$/,
  );
});

test.each([
  ['resnet.arch', 'ResNet18', 'resnet.arch', 'ResNet34', 'depth'],
  ['resnet.arch', 'ResNet18', 'resnet.arch', 'ResNet50', 'depth'],
  ['mobilenetv1.arch', 'MobileNet025', 'mobilenetv1.arch', 'MobileNet050', 'width'],
  ['mnasnet.arch', 'MnasNet050', 'mnasnet.arch', 'MnasNet130', 'width'],
  ['efficientnet.arch', 'EfficientNetB0', 'efficientnet.arch', 'EfficientNetB1', 'depth'],
  ['vgg.arch', 'VGG11', 'vgg.arch', 'VGG16', 'depth'],
  ['resnet.arch', 'ResNet50', 'mobilenetv2.arch', 'MobileNetV2', 'family'],
  ['vit.arch', 'ViTB16', 'resnet.arch', 'ResNet50', 'family'],
  ['efficientnet.arch', 'EfficientNetB0', 'vgg.arch', 'VGG16', 'family'],
] as const)('%s %s and %s %s differ in %s %s', (file, model, otherFile, otherModel, kind) => {
  const [a, b] = [zooModel(file, model), zooModel(otherFile, otherModel)].map(({ network }) =>
    outlineOf(network),
  );
  expect(comparisonOf(a!, b!)).toBe(kind);
  expect(comparisonOf(b!, a!)).toBe(kind);
});

test('cells of NAS-Bench-201 differ in ops, whatever their depth, and in width where their channels do', () => {
  const light = '|skip_connect~0|+|nor_conv_1x1~0|none~1|+|avg_pool_3x3~0|skip_connect~1|nor_conv_1x1~2|';
  const heavy =
    '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|';
  const outline = (genotype: string, channels: number) => outlineOf(nasBench201(genotype, { channels }));
  expect(comparisonOf(outline(light, 16), outline(heavy, 16))).toBe('ops');
  expect(comparisonOf(outline(heavy, 16), outline(heavy, 24))).toBe('width');
});
