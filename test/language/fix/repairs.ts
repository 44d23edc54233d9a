// Texts with a diagnostic, and what its first fix makes of them.
import { model, network } from '../support/helpers.ts';

/** What the texts import. */
export const library = { 'lib.arch': 'block A(n) { conv(n, 3x3) }\nblock B(n) { conv(n, 1x1) }' };

const body = (before: string, after: string): readonly [string, string] => [network(before), network(after)];

/** By code: text before and after the first fix, and its title. */
export const repairs: readonly (readonly [code: string, title: string, before: string, after: string])[] = [
  [
    'unused-import',
    'Remove `A` from the import',
    'import { A, B } from "./lib.arch"\nblock C() { B(4) }\n',
    'import { B } from "./lib.arch"\nblock C() { B(4) }\n',
  ],
  [
    'unused-import',
    'Remove `B` from the import',
    'import { A, B, } from "./lib.arch"\nblock C() { A(4) }\n',
    'import { A, } from "./lib.arch"\nblock C() { A(4) }\n',
  ],
  [
    'unused-import',
    'Remove `A` from the import',
    '// head\n\nimport { A } from "./lib.arch"\n\nblock C() { relu }\n',
    '// head\n\nblock C() { relu }\n',
  ],
  [
    'unused-block',
    'Remove the unused block `X`',
    `/// Doc.\nblock X() {\n  relu\n}\n\n${network('bn')}`,
    network('bn'),
  ],
  ['unused-name', 'Remove the unused value `w`', ...body('let w = 3 // why\nbn', '// why\nbn')],
  ['unused-name', 'Remove the unused value `w`', ...body('  let w = 3\n  bn', '  bn')],
  ['unused-name', 'Remove `as i`', ...body('repeat (1 + 1) as i { bn }', 'repeat (1 + 1) { bn }')],
  [
    'unused-name',
    'Remove `as i`',
    ...body('repeat 2 // twice, as ever\nas /* as told */ i { bn }', 'repeat 2 // twice, as ever\n { bn }'),
  ],
  [
    'unused-name',
    'Rename to `_s`',
    ...body('for (c, s) in [(4, 1)] { conv(c, 3x3) }', 'for (c, _s) in [(4, 1)] { conv(c, 3x3) }'),
  ],
  ['unused-name', 'Remove the name `x`', ...body('x = bn -> relu', 'bn -> relu')],
  [
    'unused-parameter',
    'Remove the parameter `b`',
    `block X(a, b = 2) { conv(a, 1x1) }\n${network('X(4, 3) -> X(b = 1, a = 4) -> X(4)')}`,
    `block X(a) { conv(a, 1x1) }\n${network('X(4) -> X(a = 4) -> X(4)')}`,
  ],
  [
    'unused-parameter',
    'Remove the parameter `a`',
    `block X(a) { bn }\n${network('X(4)')}`,
    `block X() { bn }\n${network('X')}`,
  ],
  [
    'unused-parameter',
    'Remove the parameter `a`',
    `block X(a = (2)) /* :) */ { bn }\n${network('X(4)')}`,
    `block X() /* :) */ { bn }\n${network('X')}`,
  ],
  [
    'shadowed-name',
    'Rename to `w2`',
    ...body(
      'let w = 4\nrepeat 2 { let w = 8\nconv(w, 1x1) }\nconv(w, 1x1)',
      'let w = 4\nrepeat 2 { let w2 = 8\nconv(w2, 1x1) }\nconv(w, 1x1)',
    ),
  ],
  ['unreachable-branch', 'Remove the branch', ...body('bn\nif (1 > 2) { relu }\nbn', 'bn\nbn')],
  [
    'unreachable-branch',
    'Remove the branch',
    ...body('if (1 < 2) { relu } else { bn }', 'if (1 < 2) { relu }'),
  ],
  [
    'unreachable-branch',
    'Remove the branch',
    ...body('if (1 > 2) { relu } else if (channels > 2) { bn }', 'if (channels > 2) { bn }'),
  ],
  [
    'unreachable-branch',
    'Keep only what is used',
    ...body('if (1 > 2) { relu } else { bn -> relu }', 'bn -> relu'),
  ],
  ['unreachable-branch', 'Remove the loop', ...body('repeat 0 {\n  relu\n}\nbn', 'bn')],
  [
    'bias-before-norm',
    'Leave the bias out',
    ...body('conv(4, 3x3, bias = true, stride = 2) -> bn', 'conv(4, 3x3, stride = 2) -> bn'),
  ],
  ['two-activations', 'Remove the second activation, `relu`', ...body('bn -> relu -> relu', 'bn -> relu')],
  ['two-activations', 'Remove the second activation, `gelu`', ...body('relu\ngelu\nbn', 'relu\nbn')],
  [
    'stride-exceeds-kernel',
    'Use `stride = 2x2`',
    ...body('conv(4, 2x2, stride = 3)', 'conv(4, 2x2, stride = 2x2)'),
  ],
  ['stride-by-position', 'Name it `stride`', ...body('conv(4, 3x3, 2)', 'conv(4, 3x3, stride = 2)')],
  [
    'bias-before-norm',
    'Use `bias = false`',
    model('gap -> dense(8) -> bn -> dense(10)'),
    model('gap -> dense(8, bias = false) -> bn -> dense(10)'),
  ],
  [
    'softmax-output',
    'Remove the softmax',
    model('gap -> dense(classes) -> softmax'),
    model('gap -> dense(classes)'),
  ],
  [
    'channels-first',
    'Change to `32x32x3`',
    model('gap -> dense(classes)').replace('8x8x4', '3x32x32'),
    model('gap -> dense(classes)').replace('8x8x4', '32x32x3'),
  ],
  [
    'cell-node-unused',
    'Remove node 2, which nothing reads',
    `cell C {\n  0 -> 1: relu\n  0 -> 2: bn   1 -> 2: bn\n  0 -> 3: tanh   1 -> 3: bn\n}\n${network('C')}`,
    `cell C {\n  0 -> 1: relu\n  0 -> 2: tanh   1 -> 2: bn\n}\n${network('C')}`,
  ],
  [
    'cell-node-unused',
    'Remove node 1, which nothing reads',
    `cell C { 0 -> 2: relu   0 -> 1: bn   2 -> 3: bn }\n${network('C')}`,
    `cell C { 0 -> 1: relu   1 -> 2: bn }\n${network('C')}`,
  ],
  [
    'cell-node-unused',
    'Remove node 1, which nothing reads',
    `cell C = "|nor_conv_1x1~0|+|relu~0|+|skip_connect~0|bn~2|"\n${network('C')}`,
    `cell C = "|relu~0|+|skip_connect~0|bn~1|"\n${network('C')}`,
  ],
  [
    'dead-edge',
    'Make the edge `none`',
    `cell C { 0 -> 1: none\n0 -> 2: relu\n1 -> 2: nor_conv_3x3 }\n${network('C')}`,
    `cell C { 0 -> 1: none\n0 -> 2: relu\n1 -> 2: none }\n${network('C')}`,
  ],
  [
    'dead-edge',
    'Make the edge `none`',
    `cell C = "|none~0|+|skip_connect~0|nor_conv_1x1~1|"\n${network('C')}`,
    `cell C = "|none~0|+|skip_connect~0|none~1|"\n${network('C')}`,
  ],
  ['groups-mismatch', 'Use `groups = 2`', ...body('conv(6, 3x3, groups = 3)', 'conv(6, 3x3, groups = 2)')],
  [
    'size-vanishes',
    'Use `padding = same`',
    ...body('conv(4, 9x9, padding = valid)', 'conv(4, 9x9, padding = same)'),
  ],
  [
    'shape-mismatch',
    'Insert `gap` before it',
    model('conv(8, 3x3) -> dense(classes)'),
    model('conv(8, 3x3) -> gap -> dense(classes)'),
  ],
  [
    'shape-mismatch',
    'Insert `tokens` before it',
    model('attention(2) -> mean_tokens -> dense(classes)'),
    model('tokens -> attention(2) -> mean_tokens -> dense(classes)'),
  ],
  [
    'residual-mismatch',
    'Add a projection shortcut',
    ...body(
      'residual { conv(8, 3x3, stride = 2) -> bn }',
      'residual { conv(8, 3x3, stride = 2) -> bn } shortcut { conv(8, 1x1, stride = 2) -> bn }',
    ),
  ],
  [
    'residual-mismatch',
    'Make the shortcut a projection',
    ...body(
      'residual { conv(8, 3x3) } shortcut { bn }',
      'residual { conv(8, 3x3) } shortcut { conv(8, 1x1) -> bn }',
    ),
  ],
  [
    'residual-mismatch',
    'Add a projection shortcut',
    `block X(out, s) { residual {\n conv(out, 3x3, stride = s) -> bn -> relu\nconv(out, 3x3) } }\n${network('X(8, 2)')}`,
    `block X(out, s) { residual {\n conv(out, 3x3, stride = s) -> bn -> relu\nconv(out, 3x3) } shortcut { conv(out, 1x1, stride = s) -> bn } }\n${network('X(8, 2)')}`,
  ],
  ['unknown-name', 'Change to `relu`', ...body('bn -> rellu', 'bn -> relu')],
  ['semicolon', 'Remove it', ...body('bn; relu', 'bn relu')],
];
