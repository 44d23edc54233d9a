import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const top = `# Benchmarks

\`npm run bench -- --full\` measures all of this and writes this page; \`--only SECTION\` measures one part and leaves the
others as they are. Medians of repetitions that alternate between what is compared; the targets are those of a machine
with two cores and no GPU.
`;

/** Puts a section of the page in the place of an older one of the same heading, or at the end. */
export function writeSection(file: string, heading: string, lines: readonly string[]): void {
  writeFileSync(file, withSection(existsSync(file) ? readFileSync(file, 'utf8') : top, heading, lines));
}

/** The text of the page with a section replaced or added. */
export function withSection(page: string, heading: string, lines: readonly string[]): string {
  const [start = top, ...sections] = page.split(/^(?=## )/m);
  const section = [`## ${heading}`, '', ...lines].join('\n');
  const index = sections.findIndex((text) => text.startsWith(`## ${heading}\n`));
  if (index < 0) sections.push(section);
  else sections[index] = section;
  return `${[start, ...sections].map((text) => text.trimEnd()).join('\n\n')}\n`;
}
