// docs/ops.md has every op, as the registry describes it; `vitest run test/docs/ops-page.test.ts -u` writes it anew.
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { describeType, formatSpec } from '../../server/network/arguments.ts';
import { needsTensors, type OpDefinition } from '../../server/network/op.ts';
import { opRegistry } from '../../server/network/ops/index.ts';

const page = join(resolve(import.meta.dirname, '..', '..'), 'docs/ops.md');

const titles: Readonly<Record<OpDefinition['category'], string>> = {
  layer: 'Layers',
  norm: 'Norms',
  activation: 'Activations',
  pool: 'Pooling',
  shape: 'Shapes, tokens and sizes',
  merge: 'Joining tensors',
  composite: 'Made of several',
  'nas-bench-201': 'Edges of NAS-Bench-201',
};

const head = `# Ops

All ops of the language, in the words of their hovers. A \`tensor\` is a named one: the other input is what flows in.
How they are put together is in the [manual](../grammar/README.md); what they are called elsewhere, in
[other frameworks](other-frameworks.md).
`;

test('docs/ops.md describes every op', async () => {
  const sections = (Object.keys(titles) as OpDefinition['category'][]).map((category) => {
    const ops = [...opRegistry.values()].filter((op) => op.category === category);
    return [`## ${titles[category]}`, ...ops.map(entry)].join('\n\n');
  });
  await expect(`${head}\n${sections.join('\n\n')}\n`).toMatchFileSnapshot(page);
});

function entry(op: OpDefinition): string {
  const tensors = needsTensors(op) ? op.extraInputs!.max : 0;
  const all = [
    ...(tensors === 0 ? [] : [tensors === 1 ? 'tensor' : 'tensor, …']),
    ...op.args.map(formatSpec),
  ];
  const written = all.length === 0 ? op.name : `${op.name}(${all.join(', ')})`;
  return [`### ${op.name}`, `\`${written}\``, op.summary, argumentsOf(op), op.doc]
    .filter((part) => part !== '')
    .join('\n\n');
}

function argumentsOf({ args }: OpDefinition): string {
  return args.map(({ name, type, doc }) => `- \`${name}\`, ${describeType(type)}: ${doc}`).join('\n');
}
