import fc from 'fast-check';
import { example } from './helpers.ts';

/*
 * Random texts for property tests: programs that are mostly meaningful (names come from a small pool, so that they are
 * sometimes declared), and edits of the examples.
 */

const names = ['A', 'B', 'C', 'Cell', 'x', 'y', 'w', 'i', 'op'];
const ops = [
  'relu',
  'bn',
  'gelu',
  'none',
  'gap',
  'flatten',
  'tokens',
  'cls_token',
  'maxpool(2x2)',
  'add(x)',
  'concat(x, y)',
  'se',
  'take_token',
  'upsample(2)',
];

const name = fc.constantFrom(...names);

const expression: fc.Arbitrary<string> = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(
      '1',
      '2',
      '4',
      '8',
      '16',
      '0',
      '-1',
      '1.5',
      '3x3',
      'true',
      '"same"',
      'same',
      'channels',
      'classes',
      'relu',
      '1M',
    ),
    name,
    fc
      .tuple(tie('expr'), fc.constantFrom('+', '-', '*', '/', '%', '==', '<', '&&', '||'), tie('expr'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.array(tie('expr'), { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
    fc.tuple(tie('expr'), tie('expr')).map(([a, b]) => `(${a}, ${b})`),
    fc
      .tuple(
        fc.constantFrom('choice', 'max', 'round8', 'conv', 'A'),
        fc.array(tie('expr'), { minLength: 1, maxLength: 3 }),
      )
      .map(([fn, args]) => `${fn}(${args.join(', ')})`),
    fc.tuple(tie('expr'), tie('expr'), tie('expr')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    tie('expr').map((operand) => `!${operand}`),
  ),
})).expr;

const call = fc.oneof(
  fc.constantFrom(...ops),
  name,
  fc
    .tuple(
      fc.constantFrom('conv', 'dense', 'dwconv', 'A', 'B', 'attention', 'avgpool'),
      fc.array(
        fc.oneof(
          expression,
          expression.map((value) => `stride = ${value}`),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([callee, args]) => `${callee}(${args.join(', ')})`),
  fc
    .array(fc.oneof(expression, fc.constantFrom(...ops)), { minLength: 1, maxLength: 3 })
    .map((options) => `choice(${options.join(', ')})`),
);

const tensors = fc
  .array(fc.oneof(name, fc.constantFrom('x', 'y')), { minLength: 1, maxLength: 3 })
  .map((list) => `[${list.join(', ')}]`);

const body: fc.Arbitrary<string> = fc.letrec<{ body: string; statement: string }>((tie) => ({
  body: fc.array(tie('statement'), { maxLength: 4 }).map((statements) => statements.join('\n')),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.array(call, { minLength: 1, maxLength: 3 }).map((flow) => flow.join(' -> ')),
    fc.tuple(name, call).map(([tensor, flow]) => `${tensor} = ${flow}`),
    fc.tuple(tensors, call).map(([several, flow]) => `${several} = ${flow}`),
    fc.tuple(tensors, call).map(([several, flow]) => `${several} -> ${flow}`),
    tensors,
    fc.tuple(name, expression).map(([variable, value]) => `let ${variable} = ${value}`),
    fc.tuple(call, expression).map(([flow, shape]) => `${flow} : ${shape}`),
    fc
      .tuple(expression, name, tie('body'))
      .map(([count, variable, inner]) => `repeat ${count} as ${variable} { ${inner} }`),
    fc
      .tuple(name, expression, tie('body'))
      .map(([variable, list, inner]) => `for ${variable} in ${list} { ${inner} }`),
    fc
      .tuple(expression, tie('body'), tie('body'))
      .map(([condition, then, otherwise]) => `if (${condition}) { ${then} } else { ${otherwise} }`),
    fc
      .tuple(tie('body'), tie('body'))
      .map(([inner, shortcut]) => `residual { ${inner} } shortcut { ${shortcut} }`),
    fc
      .tuple(fc.constantFrom('add', 'concat', 'mul'), fc.array(tie('body'), { maxLength: 3 }))
      .map(
        ([merge, branches]) =>
          `parallel ${merge} { ${branches.map((branch) => `branch { ${branch} }`).join(' ')} }`,
      ),
    expression.map((condition) => `constraint ${condition}`),
  ),
})).body;

const parameters: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      name,
      fc.tuple(name, expression).map(([param, value]) => `${param} = ${value}`),
    ),
    { maxLength: 3 },
  )
  .map((params) => `(${params.join(', ')})`);

const declaration: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(name, fc.option(tensors, { nil: '' }), parameters, body)
    .map(([block, inputs, params, inner]) => `block ${block}${inputs}${params} { ${inner} }`),
  fc
    .tuple(name, name, fc.array(expression, { maxLength: 3 }))
    .map(([model, template, args]) => `model ${model} = ${template}(${args.join(', ')})`),
  fc.tuple(name, expression).map(([variable, value]) => `let ${variable} = ${value}`),
  fc
    .tuple(
      name,
      fc.constantFrom('', '[x, y]', '[x](w = 4)'),
      fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3, 'choice(0, 1)', 'choice(x)'), fc.nat(4), call), {
        maxLength: 5,
      }),
      fc.constantFrom('', 'concat(1, 2)', 'add(0, 3)'),
    )
    .map(
      ([cell, header, edges, output]) =>
        `cell ${cell}${header} { ${edges.map(([from, to, op]) => `${from} -> ${to}: ${op}`).join('\n')}\n${output} }`,
    ),
  fc
    .tuple(name, fc.constantFrom('', '[x, y]'), fc.array(fc.tuple(expression, fc.nat(3)), { maxLength: 5 }))
    .map(
      ([cell, inputs, pairs]) =>
        `cell ${cell}${inputs} = [${pairs.map(([op, from]) => `(${op}, ${from})`).join(', ')}]`,
    ),
  fc
    .tuple(
      name,
      fc.array(
        fc.array(fc.tuple(fc.constantFrom('relu', 'none', 'A', 'nope'), fc.nat(3)), { maxLength: 3 }),
        { maxLength: 3 },
      ),
    )
    .map(
      ([cell, groups]) =>
        `cell ${cell} = "${groups.map((group) => `|${group.map(([op, from]) => `${op}~${from}`).join('|')}|`).join('+')}"`,
    ),
  fc
    .tuple(
      fc.constantFrom('model', 'space'),
      fc.tuple(name, fc.oneof({ weight: 3, arbitrary: fc.constant('') }, parameters)),
      fc.constantFrom('8x8x4', '16x4', '8', 'choice(8x8x4, 4x4x4)'),
      body,
      fc.boolean(),
    )
    .map(
      ([kind, [model, params], input, inner, head]) =>
        `${kind} ${model}${kind === 'model' ? params : ''} {\ninput ${input}\nclasses 10\n${inner}\n${head ? 'gap -> dense(classes)' : ''}\n}`,
    ),
  fc
    .tuple(
      fc.array(name, { maxLength: 2 }),
      fc.constantFrom('./main.arch', './b.arch', './c.arch', './none.arch', 'b'),
    )
    .map(([list, path]) => `import { ${list.join(', ')} } from "${path}"`),
);

/** Bodies that take an image of 4 channels and give one, now and then (`wrong`) with something arbitrary inside. */
function fittingBody(chooses: boolean, wrong: boolean): fc.Arbitrary<string> {
  const plain = fc.constantFrom(
    'relu',
    'bn',
    'conv(4, 3x3)',
    'conv(channels, 1x1)',
    'Unit(4)',
    'Unit(4, n = 2)',
    'Cell',
    'se(ratio = 2)',
    'dwconv(3x3)',
  );
  const choices = fc.constantFrom(
    'choice(relu, gelu)',
    'conv(4, choice(1, 3))',
    'choice(ops)',
    'Unit(n = choice(1, 2), out = 4)',
    'ChoosingCell',
  );
  const condition = fc.constantFrom('channels == 4', 'true', ...(chooses ? ['choice(true, false)'] : []));
  return fc.letrec<{ body: string; statement: string }>((tie) => ({
    body: fc
      .array(tie('statement'), { minLength: 1, maxLength: 3 })
      .map((statements) => statements.join('\n')),
    statement: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      {
        weight: 20,
        arbitrary: fc
          .array(chooses ? fc.oneof(plain, choices) : plain, { minLength: 1, maxLength: 3 })
          .map((flow) => flow.join(' -> ')),
      },
      {
        weight: 6,
        arbitrary: fc.tuple(tie('body'), fc.nat(3)).map(([inner, n]) => `repeat ${n} as i { ${inner} }`),
      },
      {
        weight: 6,
        arbitrary: tie('body').map((inner) => `for (c, k) in [(4, 1), (4, 3)] { conv(c, k)\n${inner} }`),
      },
      {
        weight: 6,
        arbitrary: tie('body').map((inner) => `residual { ${inner} } shortcut { t = relu\nbn -> add(t) }`),
      },
      {
        weight: 6,
        arbitrary: fc
          .tuple(tie('body'), tie('body'))
          .map(([a, b]) => `parallel add { branch { ${a} } branch { ${b} } }`),
      },
      {
        weight: 6,
        arbitrary: fc.tuple(condition, tie('body')).map(([when, inner]) => `if (${when}) { ${inner} }`),
      },
      {
        weight: 6,
        arbitrary: fc
          .tuple(tie('body'), fc.nat(2))
          .map(([inner, n]) => `u = relu\n[u, u]\nrepeat ${n} { Pair }\nFirst\n${inner}`),
      },
      { weight: 2, arbitrary: fc.constant('v = relu\n[v, v] -> Joined(4)\n[v, v] -> Genotype') },
      { weight: wrong ? 1 : 0, arbitrary: fc.oneof(call, tensors, fc.constant('Pair')) },
    ),
  })).body;
}

/** Programs of which many are right, and others wrong in a place or two. */
export const plausibleProgram: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), fc.boolean(), fc.boolean())
  .chain(([chooses, wrong, made]) =>
    fc.tuple(
      fc.constant(chooses),
      fittingBody(chooses, wrong),
      fittingBody(chooses, wrong),
      fc.constant(made && !chooses),
    ),
  )
  .map(
    ([chooses, main, other, made]) => `let ops = [relu, conv(4, 3x3), Unit(4)]
block Unit(out, n = 1) { repeat n { conv(out, 3x3) } }
block Other() { ${other} }
block Pair[left, right]() {
  merged = left -> Unit(4) -> add(right)
  [right, merged]
}
block First[first, _second]() { first }
block sep(stride = 1) { dwconv(3x3, stride) }
cell Joined[left, right](width) {
  0 -> 2: conv(width, 1x1)   1 -> 2: ${chooses ? 'choice(ops)' : 'bn'}
  ${chooses ? 'choice((0, 1), (1, 2))' : '2'} -> 3: relu
  add(2, 3)
}
cell Genotype[left, right](stride = 1) = [(sep, 0), (sep, 1), (relu, 2), (identity, 1)] -> add(2, 3)
cell Cell { 0 -> 1: relu\n0 -> 2: bn\n1 -> 2: nor_conv_3x3 }
cell ChoosingCell { 0 -> 1: choice(ops)\n0 -> 2: relu\n1 -> 2: choice(bn, gelu) }
${made ? 'model M1 = M(3)\nmodel M2 = M(Act = gelu, n = 1)\n' : ''}${chooses ? 'space' : 'model'} M${made ? '(n, Act = relu)' : ''} {
  input 8x8x4
  classes 10
  ${made ? 'repeat n { Act }' : ''}
  ${main}
  Other
  gap -> dense(classes)
}`,
  );

/** A file of random declarations. */
export const program: fc.Arbitrary<string> = fc
  .array(declaration, { minLength: 1, maxLength: 5 })
  .map((items) => items.join('\n\n'));

export const exampleNames = [
  'resnet20',
  'mobilenetv2-space',
  'nasbench201-space',
  'nasbench201',
  'blocks',
  'inception',
  'vit-tiny',
  'convnext',
  'mobilenetv2',
].map((base) => `${base}.arch`);

/** A change of a text: the part from `at` on, of `length` characters (both as a share of 1), becomes `text`. */
export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

export const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.constantFrom(0, 0, 1, 2, 5, 20, 200),
  text: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\n',
      '{',
      '}',
      '(',
      ')',
      '->',
      ':',
      ',',
      '"',
      '=',
      '0',
      'x',
      'choice(',
      'repeat 3 {',
      'let w = 4',
      '1000000',
      'BasicBlock',
      '//',
      '/*',
    ),
    call,
    expression,
  ),
});

export function applyEdit(text: string, { at, length, text: inserted }: Edit): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + inserted + text.slice(start + length);
}

/** An example after a few random edits. */
export const mutatedExample: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...exampleNames), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([file, edits]) => edits.reduce(applyEdit, example(file).text));
