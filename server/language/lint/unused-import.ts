import type { LintRule } from './rule.ts';

/** An imported name that this file does not mention again. */
export const unusedImport: LintRule = {
  code: 'unused-import',
  check({ module }, report) {
    const { text, parse, names, references } = module;
    const mentioned = new Map<string, number>();
    // After a syntax error words are counted instead of uses, as the error may hide a use.
    if (parse.problems.length > 0) {
      for (const { span } of parse.tokens) count(mentioned, text.slice(span.start, span.end));
    } else {
      for (const { span } of references) count(mentioned, text.slice(span.start, span.end));
    }
    for (const item of parse.file.items) {
      if (item.kind !== 'import') continue;
      for (const { name, span } of item.names) {
        // A name whose import has failed has an error of its own.
        const declaration = names.get(name);
        if (declaration === undefined || declaration.module === module) continue;
        if ((mentioned.get(name) ?? 0) > 1) continue;
        report({
          code: 'unused-import',
          severity: 'hint',
          message: `\`${name}\` is imported and not used: remove it from the import.`,
          span,
        });
      }
    }
  },
};

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
