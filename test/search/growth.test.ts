import { describe, expect, test } from 'vitest';
// First, for the functions of what follows to be counted.
import { countExactly, nextTally, steepFunctions } from '../support/steps.ts';
import { movesAt } from '../../server/search/moves/moves.ts';
import { modelsUsing } from '../../server/search/users.ts';
import { Workbench } from '../../server/search/variants.ts';

countExactly();

const uri = 'file:///work/main.arch';

function repeated(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join('\n');
}

function model(name: string, body: string): string {
  return `model ${name} { input 4x4x3 classes 2 ${body} -> gap -> dense(classes) }`;
}

test('the models that use a block are found in steps in proportion to what they are made of', () => {
  const stepsFor = (count: number): ReadonlyMap<string, number> => {
    const chain = repeated(count, (i) => `block B${i}() { B${i + 1} }`);
    const models = repeated(count, (i) => model(`M${i}`, 'B0'));
    const { module } = new Workbench(uri, `${chain}\nblock B${count}() { relu }\n${models}`, () => undefined);
    nextTally();
    const target = module.text.indexOf(`block B${count}(`);
    expect(modelsUsing(module, target, [])).toHaveLength(count);
    return nextTally();
  };
  const before = stepsFor(60);
  expect(steepFunctions(before, stepsFor(480), 8)).toEqual([]);
});

describe('alternatives to the arguments of a block', () => {
  const variantsOf = async (parameters: number, comment: string) => {
    const names = repeated(parameters, (i) => `p${i},`);
    const values = repeated(parameters, () => '1,');
    const text = `block B(${names}) { conv(p0 * 4, 1x1) -> relu }\n${model('M', `B(${values})`)}\n// ${comment}`;
    const workbench = new Workbench(uri, text, () => undefined);
    const { moves } = movesAt(workbench.module, text.lastIndexOf('B('))!;
    expect(moves).toHaveLength(parameters);
    return await workbench.variants({ uri, name: 'M' }, moves);
  };

  test('are all tried in a file of ordinary length', async () => {
    const { variants, untried } = await variantsOf(20, '');
    expect(variants).toHaveLength(1);
    expect(untried).toBe(0);
  });

  test('are tried as far as a long file allows, and the others are counted', async () => {
    const { variants, untried } = await variantsOf(20, 'x'.repeat(900_000));
    expect(variants).toHaveLength(1);
    expect(untried).toBe(20 - 12);
  });
});
