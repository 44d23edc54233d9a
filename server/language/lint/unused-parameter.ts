import { type LintRule, sound } from './rule.ts';
import { Uses } from './uses.ts';
import { isParametric } from '../names/templates.ts';
import { shownName } from '../names/shown-name.ts';

/** A parameter that its block or model never reads. */
export const unusedParameter: LintRule = {
  code: 'unused-parameter',
  check({ module }, report) {
    const uses = new Uses(module);
    for (const { decl } of sound(module)) {
      if (!isParametric(decl)) continue;
      // In the notation of DARTS, ops take the parameters they have by themselves.
      if (decl.kind === 'cell' && decl.definition.kind === 'genotype') continue;
      for (const { name } of decl.params) {
        if (uses.isUsed(name, decl.span)) continue;
        report({
          code: 'unused-parameter',
          severity: 'hint',
          message: `\`${shownName(decl.name.name)}\` does not use its parameter \`${name.name}\`: remove it, or call it \`_${name.name}\` if callers need it.`,
          span: name.span,
        });
      }
    }
  },
};
