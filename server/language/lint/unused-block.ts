import { isTemplate } from '../names/templates.ts';
import { isLibrary, type LintRule, sound } from './rule.ts';
import { Uses } from './uses.ts';

/** A block, a cell or a template of models beside models that nothing uses, here or in a file that imports it. */
export const unusedBlock: LintRule = {
  code: 'unused-block',
  check({ module, imported }, report) {
    if (isLibrary(module)) return;
    const uses = new Uses(module);
    for (const { decl } of sound(module)) {
      if (decl.kind !== 'block' && decl.kind !== 'cell' && !isTemplate(decl)) continue;
      // A block that uses itself is an error of its own.
      if (imported.has(decl.name.name) || uses.isUsed(decl.name)) continue;
      report({
        code: 'unused-block',
        severity: 'hint',
        message: isTemplate(decl)
          ? `No model is made of \`${decl.name.name}\`: write \`model Name = ${decl.name.name}(…)\`, or give all its parameters a default.`
          : `Nothing uses the ${decl.kind} \`${decl.name.name}\`: remove it, or move it to a file of blocks that others import.`,
        span: decl.name.span,
      });
    }
  },
};
