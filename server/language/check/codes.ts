/**
 * Every code a diagnostic may have, in the order of its documentation. They are stable: settings, suppression comments
 * and links name them.
 */
export const diagnosticCodes = {
  /** What is suspicious in a file that is a network all the same, and what a linter finds among the errors. */
  lint: [
    'unused-block',
    'unused-parameter',
    'unused-import',
    'unused-name',
    'shadowed-name',
    'unreachable-branch',
    'bias-before-norm',
    'two-activations',
    'stride-exceeds-kernel',
    'groups-mismatch',
    'residual-mismatch',
    'size-vanishes',
    'cell-node-unused',
    'dead-edge',
  ],
  /** What is found in networks and their scores: reported when the text rests, not with every key. */
  signal: ['no-signal', 'saturated-softmax', 'exploding-logits'],
  shapes: ['shape-mismatch', 'shape-assertion', 'shape-range', 'output-shape', 'constraint-violated'],
  names: [
    'unknown-name',
    'other-framework',
    'duplicate-name',
    'not-callable',
    'not-a-value',
    'not-a-tensor',
    'tensor-argument',
    'tensor-in-flow',
    'no-context',
    'recursion',
  ],
  imports: [
    'import-path',
    'import-not-found',
    'import-unreadable',
    'import-cycle',
    'import-has-errors',
    'unknown-export',
  ],
  arguments: [
    'missing-argument',
    'unknown-argument',
    'duplicate-argument',
    'too-many-arguments',
    'argument-type',
    'argument-range',
    'function-argument',
  ],
  values: ['type-mismatch', 'division-by-zero', 'number-range', 'list-too-large'],
  statements: [
    'missing-input',
    'missing-classes',
    'input-not-first',
    'classes-range',
    'duplicate-statement',
    'misplaced-statement',
    'empty-parallel',
    'repeat-count',
  ],
  cells: [
    'empty-cell',
    'cell-label',
    'cell-edge-order',
    'cell-node-without-input',
    'duplicate-edge',
    'genotype-syntax',
  ],
  spaces: [
    'choice-outside-space',
    'nested-choice',
    'empty-choice',
    'duplicate-option',
    'space-not-countable',
    'space-partly-checked',
    'genotype-type',
    'genotype-missing',
    'genotype-option',
    'genotype-unknown',
  ],
  limits: ['too-many-ops', 'too-many-steps', 'nesting-too-deep', 'too-large', 'too-deep', 'left-alone'],
  syntax: [
    'expected',
    'unexpected',
    'missing-comma',
    'missing-closer',
    'missing-body',
    'stray-closer',
    'stray-opener',
    'wrong-closer',
    'unknown-keyword',
    'bad-number',
    'bad-name',
    'wrong-quotes',
    'hash-comment',
    'semicolon',
    'unknown-character',
    'unterminated-string',
    'unterminated-comment',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const known: ReadonlySet<string> = new Set(Object.values(diagnosticCodes).flat());

export function isDiagnosticCode(code: string): boolean {
  return known.has(code);
}
