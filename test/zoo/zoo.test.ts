// Published networks as texts of their own, to begin from.
import { expect, test } from 'vitest';
import { format } from '../../grammar/format/format.ts';
import { chosen } from '../../server/language/check/severities.ts';
import { Project } from '../../server/language/project.ts';
import { Zoo } from '../../server/zoo/zoo.ts';
import { zooModel } from '../language/support/zoo.ts';

const zoo = new Zoo();

const uri = 'untitled:Untitled-1';

/** A project with nothing but one text that has not been saved. */
const projectOf = (text: string): Project =>
  new Project({ read: (asked) => (asked === uri ? text : undefined) });

test('every network is a text of its own, in which all names are known', () => {
  for (const network of zoo.networks()) {
    const text = zoo.text(network);
    expect(format(text), network.name).toBe(text);
    expect(text).not.toMatch(/from "(?!archlens:)/);
    expect(projectOf(text).module(uri).problems, network.name).toEqual([]);
  }
});

/** To expand all of them takes seconds, and those of one file are made of the same blocks. */
const lastOfFiles = [...new Map(zoo.networks().map((network) => [network.file, network])).values()];

test.each(lastOfFiles)(
  '$name is the same network in a text of its own, with nothing to report',
  (network) => {
    const text = zoo.text(network);
    const project = projectOf(text);
    const { models, parse } = project.analyse(uri);
    const shown = chosen(project.lint(uri), { text, parse });
    expect(shown.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    expect(models.map(({ name }) => name)).toEqual([network.model]);
    expect(models[0]?.totals).toEqual(zooModel(network.file, network.model).totals);
    expect(models[0]?.doc).toBe(zooModel(network.file, network.model).doc);
  },
);

test.each(zoo.spaces())('the space $name is whole in a text of its own', (space) => {
  const text = zoo.text(space);
  const { diagnostics, spaces, parse } = projectOf(text).analyse(uri);
  expect(chosen(diagnostics, { text, parse }).map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  expect(spaces.map(({ name }) => name)).toEqual([space.name]);
  expect(spaces[0]?.decisions.length).toBeGreaterThan(0);
});

test('a network is found by its name or that of its model, and a near one is named', () => {
  expect(zoo.find('ResNet-50')).toMatchObject({ model: 'ResNet50' });
  expect(zoo.find('resnet50')?.name).toBe('ResNet-50');
  expect(zoo.find('PyramidNet-110 α 48')).toMatchObject({ model: 'PyramidNet110a48' });
  expect(zoo.find('fbnet')).toMatchObject({ name: 'FBNet', file: 'spaces/fbnet.arch' });
  expect(zoo.find('ResNet-51')).toBeUndefined();
  expect(zoo.nearest('ResNet-51')).toBe('ResNet-50');
});

test('names are those of one network each, and families are words', () => {
  const plain = zoo
    .networks()
    .flatMap(({ name, model }) => [...new Set([name, model].map((each) => zoo.find(each)))]);
  expect(plain).toEqual(zoo.networks());
  for (const { family } of zoo.networks()) expect(family).toMatch(/^[\w -]{2,40}$/);
});
