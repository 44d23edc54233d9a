import type { Identifier, Span } from '../../../grammar/syntax.ts';
import { walk } from '../../../grammar/walk.ts';
import { isLibrary, type LintRule, sound } from './rule.ts';
import { localNames } from './local-names.ts';
import { Uses } from './uses.ts';

/** A `let`, a loop variable or a named tensor that nothing reads. */
export const unusedName: LintRule = {
  code: 'unused-name',
  check({ module, imported }, report) {
    const uses = new Uses(module);
    const library = isLibrary(module);
    const check = (name: Identifier, what: string, remedy: string, within?: Span): void => {
      if (uses.isUsed(name, within)) return;
      report({
        code: 'unused-name',
        severity: 'hint',
        message: `Nothing uses the ${what} \`${name.name}\`: ${remedy}.`,
        span: name.span,
      });
    };
    for (const { decl } of sound(module)) {
      if (decl.kind === 'let') {
        if (!library && !imported.has(decl.name.name)) check(decl.name, 'value', 'remove it');
        continue;
      }
      walk(decl, (node) => {
        // The tensors that come into a cell are read by their numbers.
        if (node.kind === 'cell') return;
        const several = node.kind === 'block' || 'names' in node;
        for (const { name, what } of localNames(node)) {
          if (what === 'tensor' && several) check(name, what, `call it \`_${name.name}\``);
          else if (what === 'loop variable') check(name, what, `leave it out, or call it \`_${name.name}\``);
          else if (what !== 'parameter')
            check(name, what, what === 'value' ? 'remove it' : 'leave the name out');
        }
      });
    }
  },
};
