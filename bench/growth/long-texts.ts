import { LIMITS } from '../../grammar/limits.ts';

/** A kind of text that can be made as long as one likes. */
export interface TextKind {
  readonly name: string;
  /** The most of it that keeps to the limits of a file, roughly. */
  readonly most: number;
  /** Below it the work for a text is less than what is allowed for a part of it, and grows faster. */
  readonly from?: number;
  /** @param size how often what the kind is about stands in it */
  readonly text: (size: number) => string;
}

function times(count: number, piece: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(separator);
}

function model(body: string, name = 'M', what = 'model'): string {
  return `${what} ${name} {\n  input 8x8x3\n  classes 10\n${body}\n  gap -> dense(classes)\n}\n`;
}

/** The repetition that exhausts tokens or characters first. */
function most(tokensEach: number, charactersEach: number): number {
  return Math.floor(0.9 * Math.min(LIMITS.tokens / tokensEach, LIMITS.textLength / charactersEach));
}

/** Texts of all kinds of length, for finding out what takes more than its share. */
export const textKinds: readonly TextKind[] = [
  {
    name: 'comments that ignore',
    most: 40_000,
    text: (size) => `${times(size, () => '// archlens: ignore x')}\n${model('relu -> relu')}`,
  },
  {
    name: 'comments behind lines',
    most: 20_000,
    text: (size) => times(size, (i) => `let x${i} = 1 // archlens: ignore unused-name`),
  },
  { name: 'lets', most: most(4, 16), text: (size) => times(size, (i) => `let x${i} = ${i}`) },
  {
    name: 'lets beside a model',
    most: most(4, 16),
    text: (size) => `${times(size, (i) => `let x${i} = ${i}`)}\n${model('relu')}`,
  },
  {
    name: 'a chain of lets, backwards',
    most: most(6, 24),
    text: (size) => `${times(size, (i) => `let x${i} = x${i + 1} + 1`)}\nlet x${size} = 1`,
  },
  {
    name: 'unknown names beside blocks',
    most: 10_000,
    // Names are compared for suggestions, a number of times in a file.
    from: 1250,
    text: (size) =>
      `${times(size, (i) => `block Block${i}() { relu }`)}\n${model(times(Math.ceil(size / 5), (i) => `  Blokc${i}`))}`,
  },
  {
    name: 'models made of one',
    most: 20_000,
    text: (size) =>
      `${model('repeat n { relu }', 'T(n, w = 4)')}${times(size, (i) => `model M${i} = T(${1 + (i % 3)})`)}`,
  },
  {
    name: 'models that nothing is made of',
    most: 4000,
    text: (size) => `${times(size, (i) => `model M${i} = Tt(${i})`)}\n${model('relu', 'T(n)')}`,
  },
  {
    name: 'models',
    most: 4000,
    text: (size) => times(size, (i) => model('  conv(8, 3x3) -> bn -> relu', `M${i}`)),
  },
  {
    name: 'models of one block',
    most: 4000,
    text: (size) =>
      `block B(c) { conv(c, 3x3) -> bn -> relu }\n${times(size, (i) => model('  B(8) -> B(8)', `M${i}`))}`,
  },
  {
    name: 'a long chain of blocks',
    most: 10_000,
    text: (size) => `${times(size, (i) => `block B${i}() { B${i + 1} }`)}\nblock B${size}() { relu }\n`,
  },
  { name: 'a long flow', most: 18_000, text: (size) => model(`  ${times(size, () => 'relu', ' -> ')}`) },
  { name: 'statements', most: 18_000, text: (size) => model(times(size, () => '  relu')) },
  {
    name: 'bodies nested to the limit',
    most: 400,
    text: (size) => model(times(size, () => `${'residual { '.repeat(40)}relu${' }'.repeat(40)}`)),
  },
  {
    name: 'lets and bodies',
    most: 9000,
    text: (size) => model(times(size, (i) => `  let x${i} = ${i}\n  residual { }`)),
  },
  {
    name: 'names of imports',
    most: 20_000,
    text: (size) => `import { ${times(size, (i) => `A${i}`, ', ')} } from "./other.arch"\n`,
  },
  { name: 'imports', most: 4000, text: (size) => times(size, (i) => `import { A${i} } from "./${i}.arch"`) },
  {
    name: 'documentation',
    most: 20_000,
    text: (size) => `${times(size, (i) => `/// line ${i} of it`)}\nblock B() { relu }\n`,
  },
  { name: 'unclosed braces', most: 20_000, text: (size) => times(size, (i) => `block B${i}() { relu`) },
  { name: 'stray braces', most: 40_000, text: (size) => times(size, () => '} ) relu') },
  {
    name: 'misspelt keywords',
    most: 20_000,
    text: (size) => model(times(size, () => '  repeet 2 { relu }')),
  },
  { name: 'wrong shapes', most: 9000, text: (size) => model(times(size, () => '  conv(8, 3x3) : 9x9x9')) },
  {
    name: 'a space of many decisions',
    most: 9000,
    text: (size) =>
      model(
        times(size, () => '  conv(choice(4, 8), 3x3)'),
        'S',
        'space',
      ),
  },
  {
    name: 'a space of lets',
    most: 8000,
    text: (size) =>
      model(
        times(size, (i) => `  let x${i} = ${i === 0 ? 'choice(1, 2)' : `x${i - 1}`}`),
        'S',
        'space',
      ),
  },
  {
    name: 'a long sum',
    most: 80_000,
    text: (size) => `let x = [${times(Math.ceil(size / 10), () => times(10, () => '1', ' + '), ', ')}]\n`,
  },
  {
    name: 'a long choice',
    most: 9000,
    text: (size) => model(`  conv(choice(${times(size, (i) => String(i + 1), ', ')}), 3x3)`, 'S', 'space'),
  },
  {
    name: 'genotypes',
    most: 6000,
    text: (size) => times(size, (i) => `cell C${i} = "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|"`),
  },
  {
    name: 'edges of a cell',
    most: 180,
    text: (size) =>
      `cell C {\n${times(size, (to) => times(Math.min(to + 1, 100), (back) => `${to - back} -> ${to + 1}: none`))}\n}\n`,
  },
  {
    name: 'parameters',
    most: 20_000,
    text: (size) =>
      `block B(${times(size, (i) => `p${i}`, ', ')}) { relu }\n${model(`  B(${times(size, (i) => `p${size - 1 - i} = 1`, ', ')})`)}`,
  },
  {
    name: 'branches',
    most: 15_000,
    text: (size) => model(`  parallel add {\n${times(size, () => '    branch { relu }')}\n  }`),
  },
  { name: 'tensors', most: 15_000, text: (size) => model(times(size, (i) => `  t${i} = relu`)) },
  {
    name: 'branches of if',
    most: 9000,
    text: (size) => model(times(size, (i) => `  if (channels > ${i}) { relu } else { bn }`)),
  },
  {
    name: 'models with errors',
    most: 4000,
    text: (size) => times(size, (i) => model('  conv(8, 3x3) : 9x9x9', `M${i}`)),
  },
  {
    name: 'blocks of one model',
    most: 10_000,
    text: (size) =>
      `${times(size, (i) => `block B${i}() { relu }`)}\n${model(times(size, (i) => `  B${i}`))}`,
  },
  {
    name: 'uses of one block',
    most: 15_000,
    text: (size) => `block B() { relu }\n${model(times(size, () => '  B'))}`,
  },
  { name: 'loops', most: 9000, text: (size) => model(times(size, (i) => `  repeat 2 as i${i} { relu }`)) },
  {
    name: 'comments in a line',
    most: 35_000,
    text: (size) => `${times(size, () => '/* archlens: ignore x */', ' ')}\n${model('relu')}`,
  },
  {
    name: 'blocks in a line',
    most: 15_000,
    text: (size) => `${times(size, (i) => `block B${i}(p) { relu }`, ' ')}\n${model('relu')}`,
  },
  {
    name: 'brackets that do not match',
    most: 90_000,
    text: (size) => times(size, () => '(') + times(size, () => '}'),
  },
  { name: 'errors in blocks', most: 20_000, text: (size) => times(size, (i) => `block B${i}( { relu }`) },
  {
    name: 'hidden names',
    most: 15_000,
    text: (size) =>
      `${times(size, (i) => `let x${i} = 1`)}\nblock B(${times(size, (i) => `x${i}`, ', ')}) { relu }`,
  },
  {
    name: 'dead cells',
    most: 3500,
    text: (size) =>
      `${times(size, (i) => `cell C${i} { 0 -> 1: none }`)}\n${model(times(size, (i) => `  C${i}`))}`,
  },
  {
    name: 'a dead branch',
    most: 3900,
    text: (size) =>
      model(
        `  parallel add {\n    branch { ${times(size, () => 'conv(3, 1x1)', ' -> ')} -> none }\n    branch { relu }\n  }`,
      ),
  },
  { name: 'blank lines', most: 900_000, text: (size) => `${'\n'.repeat(size)}${model('relu')}` },
  { name: 'a long line', most: 900_000, text: (size) => `${model('relu')}//${'x'.repeat(size)}` },
];
