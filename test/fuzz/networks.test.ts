import { describe, expect, test } from 'vitest';
import { ensureRenamed } from './targets/networks.ts';
import { projectOf, uriOf } from './targets/project.ts';

const project = (text: string) => projectOf([{ name: 'a.arch', text }]);

function compare(before: string, after: string): () => void {
  return () => {
    ensureRenamed(project(after), project(before), [uriOf('a.arch')]);
  };
}

const model = (name: string, body: string): string =>
  `model ${name} { input 8x8x3 classes 4 ${body} gap -> dense(classes) }`;

describe('a rename in random texts', () => {
  test('may make a network where a name was declared twice', () => {
    const space = model('A', '').replace('model', 'space');
    expect(compare(`cell A { 0 -> 1: relu } ${space}`, `cell B { 0 -> 1: relu } ${space}`)).not.toThrow();
  });

  test('changes none, and makes none elsewhere', () => {
    const what = 'A rename changes a network.';
    expect(compare(model('M', 'relu'), model('N', 'relu'))).not.toThrow();
    expect(compare(model('M', 'relu'), model('M', 'bn'))).toThrow(what);
    expect(compare(model('M', 'unknown'), model('M', 'relu'))).toThrow(what);
    const twice = 'block A() { relu } block A() { bn } ';
    expect(compare(twice + model('M', 'relu'), twice + model('M', 'bn'))).toThrow(what);
    expect(compare(twice + model('M', 'relu'), twice + model('M', 'unknown'))).toThrow(what);
  });
});
