import { own } from '../../../base/own.ts';

/** Hover on a keyword: one example, one or two sentences. */
const help: Readonly<Record<string, readonly [example: string, text: string]>> = {
  model: [
    'model Name { input 32x32x3  classes 10 … }',
    'A network: a pipeline from its `input` to one logit per class. It is checked and scored. With parameters, others are made of it: `model Small = Name(16)`.',
  ],
  block: [
    'block Name(out, stride = 1) { … }',
    'A part to be used like an op, with parameters. `block Name[a, b](…)` takes several tensors. Blocks may use other blocks, but not themselves.',
  ],
  cell: [
    'cell Name[a, b](x) { 0 -> 2: op  1 -> 2: op  0 -> 3: op  concat(2, 3) }',
    'A small graph used like an op: the first nodes are the tensors that come in (one, where none are named), every other node is the sum of its incoming edges. Also by genotype, `cell Name = "|op~0|+…|"` or `cell Name[a, b] = [(op, 0), (op, 1), …]`.',
  ],
  space: [
    'space Name { … choice(a, b) … }',
    'Many networks in one: a model with decisions (`choice`). It is checked and counted.',
  ],
  import: [
    'import { A, B } from "./blocks.arch"',
    'Takes blocks, cells, values and models with parameters from another file, or from `"archlens:blocks"`, which comes with Archlens.',
  ],
  from: [
    'import { A, B } from "./blocks.arch"',
    'The file to import from, relative to this one, or `"archlens:blocks"`.',
  ],
  let: ['let width = 16', 'Names a value. A `choice` in it is decided once, for all its uses.'],
  input: [
    'input 32x32x3',
    'Shape of one sample: height × width × channels; `64x128` for 64 tokens of width 128.',
  ],
  classes: ['classes 10', 'How many logits the network ends in. Readable as `classes` in its body.'],
  constraint: [
    'constraint flops <= 450M',
    'What a model or the networks of a space must keep to: a condition on the values of its body, and on `params`, `macs` (or `flops`, the same number) and `layers`.',
  ],
  repeat: ['repeat 3 as i { … }', 'The body, this many times in a row; `i` counts from 0.'],
  as: ['repeat 3 as i { … }', 'Names the counter of the repetition; it counts from 0.'],
  for: ['for (c, s) in [(16, 1), (32, 2)] { … }', 'The body, once for every element of a list.'],
  in: ['for (c, s) in [(16, 1), (32, 2)] { … }', 'The list to go through.'],
  if: [
    'if (stride != 1) { … } else { … }',
    'The body, where the condition holds; otherwise the tensor passes unchanged.',
  ],
  else: ['if (stride != 1) { … } else { … }', 'The body for the other case.'],
  residual: [
    'residual { … } shortcut { … }',
    'The sum of a body and a shortcut, both fed by the same tensor. Without `shortcut`: the identity.',
  ],
  shortcut: ['residual { … } shortcut { … }', 'The other summand of a `residual`.'],
  parallel: [
    'parallel concat { branch { … } branch { … } }',
    'Branches fed by the same tensor, joined by `add` (a sum), `concat` (channels side by side) or `mul` (a product).',
  ],
  branch: ['parallel add { branch { … } branch { … } }', 'One of the parallel bodies.'],
  choice: [
    'choice(3x3, 5x5, 7x7)',
    'A decision of a search space, between values or between ops. Each evaluation is a decision of its own; a `let` shares it.',
  ],
  channels: ['conv(channels * 2, 3x3)', 'Channels (or the width) of the tensor at this point.'],
  height: ['avgpool(dims(height, width))', 'Rows of the image at this point. A value of this name hides it.'],
  width: [
    'avgpool(dims(height, width))',
    'Columns of the image at this point. A value of this name hides it.',
  ],
};

export function keywordHelp(word: string): string | undefined {
  const entry = own(help, word);
  return entry === undefined ? undefined : `\`\`\`arch\n${entry[0]}\n\`\`\`\n\n${entry[1]}`;
}
