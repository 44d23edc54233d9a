import { describe, expect, test } from 'vitest';
import { check } from './support/cases.ts';
import { expectDiagnostics, expectMessages, network } from './support/helpers.ts';

describe('recursion and imports', () => {
  check([
    ['a block in itself', 'block ⟦recursion|A⟧() { A }', 'A → A'],
    [
      'a cycle of blocks',
      `block ⟦recursion|A⟧() { B }\nblock B() { C }\nblock C() { relu -> A }\n${network('C')}`,
      'A → B → C → A',
    ],
    ['through a default', 'block ⟦recursion|A⟧(op = A) { op }', 'A → A'],
    ['a let of itself', 'let ⟦recursion|a⟧ = b\nlet b = a + 1', 'a → b → a'],
    [
      'a file that does not exist',
      'import { A } from ⟦import-not-found|"./none.arch"⟧\nblock B() { A }',
      './none.arch',
    ],
    ['a path that is none', 'import { A } from ⟦import-path|"blocks"⟧\nblock B() { A }', 'relative'],
    [
      'itself',
      'import { A } from ⟦import-cycle|"./main.arch"⟧\nblock A() { relu }'.replace('block A', 'block B'),
      'third file',
    ],
  ]);

  test('names that are not there, and names that cannot be imported', () => {
    expectMessages(
      'import { Blok, M } from "./b.arch"'
        .replace('Blok', '⟦unknown-export|Blok⟧')
        .replace('M }', '⟦unknown-export|M⟧ }'),
      ['Did you mean `Block`?', 'only blocks, cells, lets and models with parameters'],
      { 'b.arch': `block Block() { relu }\n${network('relu')}` },
    );
  });

  test('a cycle of files is reported in each of them', () => {
    const files = { 'b.arch': 'import { A } from "./main.arch"\nblock B() { A }' };
    expectDiagnostics('import { B } from ⟦import-cycle|"./b.arch"⟧\nblock A() { B }', files);
  });

  test('what is broken in its own file is said once at the import', () => {
    const [diagnostic] = expectMessages(
      `import { B } from "./b.arch"\n${network('B')}`.replace('{ B }', '{ ⟦import-has-errors|B⟧ }'),
      ['has errors in ./b.arch'],
      { 'b.arch': 'block B() { A }\nblock A() { nonsense }' },
    );
    expect(diagnostic?.related[0]?.location.uri).toBe('file:///work/b.arch');
  });

  test('a name imported twice', () => {
    expectDiagnostics('import { A } from "./b.arch"\nimport { ⟦duplicate-name|A⟧ } from "./b.arch"', {
      'b.arch': 'block A() { relu }',
    });
  });
});
