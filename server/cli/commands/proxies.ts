import type { Command } from 'commander';
import { proxies } from '../../proxies/index.ts';
import type { Proxy } from '../../proxies/proxy.ts';
import { printData } from '../output.ts';
import { formatTable, type Column } from '../reports/table.ts';

interface ProxyColumn extends Column {
  readonly cell: (proxy: Proxy) => string;
}

const columns: readonly ProxyColumn[] = [
  { title: 'name', align: 'left', cell: ({ name }) => name },
  { title: 'what', align: 'left', cell: ({ title }) => title },
  { title: 'better', align: 'left', cell: ({ better }) => better },
  { title: 'input', align: 'left', cell: ({ inputs }) => inputs },
  { title: 'batch norm', align: 'left', cell: ({ norm }) => norm },
  { title: 'cost of a draw', align: 'left', cell: ({ cost }) => cost },
  { title: 'source', align: 'left', cell: ({ source }) => source },
];

export function registerProxies(program: Command): void {
  program
    .command('proxies')
    .description('list the scores that need no training, for evaluate --proxies')
    .option('--json', 'print an array of objects')
    .action(({ json }: { readonly json?: boolean }) => {
      printData(json === true ? `${JSON.stringify(proxies, null, 2)}\n` : table());
    });
}

function table(): string {
  const rows = proxies.map((proxy) => columns.map(({ cell }) => cell(proxy)));
  return `${formatTable(columns, rows).join('\n')}\n`;
}
