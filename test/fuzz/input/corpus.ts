import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

function read(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root })
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8'));
}

/** The examples by file name, as they lie beside each other. */
export const examples: ReadonlyMap<string, string> = new Map(
  globSync('examples/*.arch', { cwd: root })
    .sort()
    .map((file) => [file.replace(/^.*[\\/]/, ''), readFileSync(join(root, file), 'utf8')]),
);

/** Code of the manuals. */
const snippets = read('{grammar,docs}/*.md').flatMap((page) =>
  [...page.matchAll(/^```arch.*\n([^]*?)^```/gm)].map(([, code]) => code!),
);

/** One of them is in every text of the language. */
const words = /\b(?:model|block|cell|space|let|conv|relu|bn|import|choice|repeat|residual|parallel)\b/;

/** Texts that the tests of language and server try: whatever in them looks like the language. */
const tested = read('test/{grammar,language,lsp}/**/*.ts').flatMap((source) =>
  [...source.matchAll(/`((?:[^`\\$]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'/g)]
    .map(([, template, quoted]) => unescaped(template ?? quoted ?? ''))
    .filter((text) => text.length >= 8 && /[({=]/.test(text) && words.test(text)),
);

function unescaped(literal: string): string {
  return literal.replaceAll(/\\(u[\da-fA-F]{4}|[^])/g, (_, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { n: '\n', r: '\r', t: '\t', '0': '\0' }[code] ?? code;
  });
}

/** Texts to start from. */
export const corpus: readonly string[] = [...new Set([...examples.values(), ...snippets, ...tested])];
