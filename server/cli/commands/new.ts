import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { formatCount } from '../../base/quantities.ts';
import { writeWhole } from '../../base/write-file.ts';
import { Zoo } from '../../zoo/zoo.ts';
import { print, printData } from '../output.ts';
import { formatTable } from '../reports/table.ts';
import { UsageError } from '../terminal.ts';
import { shown } from '../visible.ts';

interface NewOptions {
  readonly output?: string;
}

export function registerNew(program: Command): void {
  program
    .command('new')
    .description(
      'a published network or search space as a file of its own, to begin from; without a name, those that there are',
    )
    .argument('[name]', 'such as ResNet-50')
    .option(
      '-o, --output <file>',
      'the file, which must not be there yet; without it the text goes to stdout',
    )
    .action((name: string | undefined, options: NewOptions) => {
      begin(name, options);
    });
}

function begin(name: string | undefined, { output }: NewOptions): void {
  const zoo = new Zoo();
  if (name === undefined) {
    printData(`${list(zoo).join('\n')}\n`);
    return;
  }
  const network = zoo.find(name);
  if (network === undefined) {
    const near = zoo.nearest(name);
    throw new UsageError(
      `There is no published network or space ${shown(name)}.${near === undefined ? '' : ` Did you mean ${near}?`} Without a name, archlens new lists them.`,
    );
  }
  const text = zoo.text(network);
  if (output === undefined) {
    printData(text);
    return;
  }
  if (existsSync(output)) throw new UsageError(`${shown(output)} is there already. Name another file.`);
  writeWhole(output, text);
  print(`${shown(output)}\n`);
}

function list(zoo: Zoo): readonly string[] {
  return formatTable(
    [
      { title: 'network', align: 'left' },
      { title: 'for', align: 'left' },
      { title: 'parameters', align: 'right' },
      { title: 'conv + linear MACs', align: 'right' },
      { title: 'published top-1, %', align: 'right' },
    ],
    [
      ...zoo
        .networks()
        .map(({ name, task, parameters, macs, top1 }) => [
          name,
          task,
          formatCount(parameters),
          macs === undefined ? '' : formatCount(macs),
          top1 === undefined ? '' : String(top1),
        ]),
      ...zoo.spaces().map(({ name }) => [name, 'search space', '', '', '']),
    ],
  );
}
