// The tables of docs/trust.md, from what server/worth holds. As a program it writes them into the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { better, comparisonTexts, worthOf, type ComparisonKind, type Tau } from '../../server/worth/worth.ts';
import { rowOf, tableHead, tauText } from './markdown-tables.ts';

/** The heading below which the tables stand, up to the end of the page. */
const heading = '## Measured\n';

/** How many better ones a row names. */
const named = 2;

/** All tables, as Markdown: one a kind of comparison, the best score first. */
export function trustTables(): string {
  return (Object.keys(comparisonTexts) as ComparisonKind[]).map(tableOf).join('\n');
}

function tableOf(kind: ComparisonKind): string {
  const { metrics, setting, source } = worthOf(kind);
  const columns = metrics[0]!.columns.map(({ space, dataSet }) => `${space}, ${dataSet}`);
  const several = columns.length > 1;
  const size = Math.max(...metrics.flatMap(({ columns: each }) => each.map(({ networks }) => networks)));
  const lines = metrics.map(({ metric, columns: each, ...mean }) => [
    `\`${metric}\`${each[0]!.networks < size ? `, ${each[0]!.networks} of them` : ''}`,
    ...each.map(tauText),
    ...(several ? [tauText(mean)] : []),
    better(kind, metric)
      .slice(0, named)
      .map((other) => `\`${other.metric}\` ${signed(other.difference)}`)
      .join(', '),
  ]);
  const titles = ['score', ...columns, ...(several ? ['mean'] : []), 'measurably better'];
  return `### ${comparisonTexts[kind].replace(/^./, (letter) => letter.toUpperCase())}

${size} networks, VKDNW under \`${setting}\`; ${source}.

${[...tableHead(titles), ...lines.map(rowOf)].join('\n')}
`;
}

function signed(difference: Tau): string {
  return `+${tauText(difference)}`;
}

if (process.argv[1] === import.meta.filename) {
  const page = join(import.meta.dirname, '../../docs/trust.md');
  const [above] = readFileSync(page, 'utf8').split(heading);
  writeFileSync(page, `${above!}${heading}\n${trustTables()}`);
}
