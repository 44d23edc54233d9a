import { expect, test } from 'vitest';
import { blockingError } from '../../server/language/check/model-errors.ts';
import { Project } from '../../server/language/project.ts';

const uri = 'file:///test.arch';

/** The code of the error that keeps a model of a text from being a network. */
function codeFor(text: string, name: string): string | undefined {
  const analysis = new Project({ read: (asked) => (asked === uri ? text : undefined) }).analyse(uri);
  const model = analysis.models.find((each) => each.name === name);
  return model && blockingError(analysis, model.span)?.code;
}

const rest = 'input 8x8x3 classes 10 gap -> dense(classes) }';

test('is the one inside the model, whatever is wrong with those before', () => {
  const text = `model A { input 8x8x3 classes 10 unknown ${rest}
model M { input 8x8x3 classes 10 conv(4) gap -> dense(classes) }`;
  expect(codeFor(text, 'M')).toBe('missing-argument');
});

test('is the one in a block that the model uses', () => {
  const text = `model A(p) { ${rest}
block C(q, k = 3) { conv(q, k) -> conv(k) -> relu }
block H(out) { conv(out, 1x1) }
model M { input 8x8x3 classes 10 C(q = 8) H(4) gap -> dense(classes) }`;
  expect(codeFor(text, 'M')).toBe('missing-argument');
});

test('is one outside of all models before one of another model', () => {
  const text = `model A { input 8x8x3 classes 10 unknown gap -> dense(classes) }
import { B } from "./gone.arch"
model M { input 8x8x3 classes 10 B gap -> dense(classes) }`;
  expect(codeFor(text, 'M')).toBe('import-not-found');
});
