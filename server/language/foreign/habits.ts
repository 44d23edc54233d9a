import type { Span, SyntaxFix } from '../../../grammar/syntax.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { pythonCalls, type PythonCall } from './python-call.ts';
import { withoutCounterpart } from './without-counterpart.ts';
import { innerCall, isFunction, methodOf, translate } from './translate.ts';

/** Something that is written as another framework, or Python, has it. */
export interface Habit {
  readonly span: Span;
  readonly message: string;
  readonly fix?: SyntaxFix;
}

/** One line of a text. */
interface Line {
  /** Of the whole text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Without its line break. */
  readonly line: string;
}

/** Of `num_classes 10` and the like. */
export const classesSaid = 'The number of classes is said as `classes 10`.';

/** Characters of a line that is looked at. */
export const longestLine = 1000;

type Recogniser = (line: Line) => Habit | undefined;

/** What a line that cannot be read as it stands is in Python, if anything. */
export function habitOf(text: string, at: number): Habit | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const next = text.slice(at).search(/\r?\n/);
  const end = next === -1 ? text.length : at + next;
  if (end - start > longestLine) return undefined;
  const line = { text, start, end, line: text.slice(start, end) };
  for (const recognise of recognisers) {
    const habit = recognise(line);
    if (habit !== undefined) return habit;
  }
  return undefined;
}

/** A pattern of a line, with what to say of it and to write instead of what its first group matches, or of all of it. */
function pattern(
  expression: RegExp,
  say: (match: RegExpExecArray) => { readonly message: string; readonly text?: string } | undefined,
): Recogniser {
  return ({ start, line }) => {
    const match = expression.exec(line);
    const said = match === null ? undefined : say(match);
    if (match === null || said === undefined) return undefined;
    const written = match[1] ?? match[0];
    const from = start + match.index + match[0].indexOf(written);
    return habit({ start: from, end: from + written.length }, said.message, said.text);
  };
}

/** A shape as one word; with few channels first, as PyTorch has it, in our order. */
function shapeSaid(numbers: readonly string[]): { readonly message: string; readonly text: string } {
  const [first = '', ...rest] = numbers;
  const isFirst = rest.length === 2 && Number(first) <= 4 && rest.every((each) => Number(each) > 4);
  const text = (isFirst ? [...rest, first] : numbers).join('x');
  return {
    message: `A shape is written as one word${isFirst ? ', channels last' : ''}: \`${text}\`.`,
    text,
  };
}

export function habit(span: Span, message: string, text?: string): Habit {
  if (text === undefined) return { span, message };
  const title = text === '' ? 'Remove it' : `Write \`${text}\``;
  return { span, message, fix: { title, span, text } };
}

const recognisers: readonly Recogniser[] = [
  pattern(/^\s*((?:from\s+[\w.]+\s+import\b|import\s+[A-Za-z_]).*)$/, () => ({
    message:
      'Ops are known without an import; what another file of this language declares is imported as `import { A, B } from "./blocks.arch"`, blocks of published networks from `"archlens:blocks"`.',
    text: '',
  })),
  pattern(/^\s*(class\s+\w+)/, (match) => ({
    message: `A network is declared as \`model ${match[1]!.replace(/class\s+/, '')} { … }\`, with its \`input\`, its \`classes\` and what flows through it.`,
  })),
  pattern(/^\s*(def\s+(\w+))/, (match) => ({
    message: /^(?:__init__|forward|call|build)$/.test(match[2]!)
      ? 'Ops are not made first and called later: a `model` or `block` has one body, which says what flows through it.'
      : `What is used several times is declared as \`block ${match[2]!}(parameter) { … }\`, with what flows through it.`,
  })),
  pattern(/^\s*(model\s*=\s*(?:[\w.]*\.)?Sequential\b.*)$/, () => ({
    message:
      'A network is declared as `model Net { … }`, with its `input`, its `classes` and ops that follow one another: `conv(16, 3x3) -> bn -> relu`.',
  })),
  pattern(/^\s*(super\(.*)$/, () => ({
    message: 'A `model` needs no constructor: leave this out.',
    text: '',
  })),
  pattern(/^\s*(return\b.*)$/, () => ({
    message: 'The output of the last statement is the output: leave `return` out.',
    text: '',
  })),
  pattern(/(?:^|\{)\s*((?:input|classes)\s*[=:]\s*)/, (match) => {
    const word = match[1]!.startsWith('input') ? 'input' : 'classes';
    return { message: `\`${word}\` takes its value without a sign between them.`, text: `${word} ` };
  }),
  pattern(
    /(?:^|\{)\s*(?:input|classes)\s+((?:\(|\[)\s*\d+(?:\s*,\s*\d+)+\s*,?\s*(?:\)|\])|\d+(?:\s*,\s*\d+){1,2}(?=\s*(?:$|\}|\/\/)))/,
    (match) => shapeSaid(match[1]!.match(/\d+/g)!),
  ),
  // `keras.Input(shape=(28, 28, 1))`, `inputs = Input((28, 28, 1))`
  pattern(
    /^\s*((?:\w+\s*=\s*)?(?:[\w.]*\.)?(?:Input|InputLayer)\(\s*(?:\w+\s*=\s*)?[([]\s*(\d+(?:\s*,\s*\d+)*)\s*,?\s*[)\]].*\)),?\s*$/,
    (match) => {
      const text = `input ${match[2]!.match(/\d+/g)!.join('x')}`;
      return { message: `What flows in is declared first in a model: \`${text}\`.`, text };
    },
  ),
  pattern(/^\s*(\w+\s*=\s*(?:[\w.]*\.)?Model\(.*)$/, () => ({
    message:
      'A network is declared as `model Net { … }`, with its `input`, its `classes` and what flows through it: this is not needed.',
    text: '',
  })),
  pattern(
    /^\s*(\w+\.(?:compile|fit|evaluate|summary|build|train|eval|zero_grad|load_state_dict)\(.*\))\s*$/,
    () => ({
      message: 'Training is no part of the language, which describes networks: leave this out.',
      text: '',
    }),
  ),
  pattern(/^\s*((?:for|while)\b[^{}]*?)\s*:\s*(?:\S.*)?$/, (match) => ({
    message: match[1]!.startsWith('for')
      ? `A body stands in braces: write \`${match[1]!} { … }\`.`
      : 'There is no `while`: a body is repeated by `repeat 3 { … }` or `for i in range(3) { … }`.',
  })),
  pattern(/^\s*((?:num_classes|n_classes|nclasses|num_class|nb_classes)\s*[=:]?\s*)\d/, () => ({
    message: classesSaid,
    text: 'classes ',
  })),
  condition,
  pattern(/(\w+\s*\/\/\s*\w+)(?=[^{}]*\))/, (match) => {
    const text = `floor(${match[1]!.replace(/\s*\/\/\s*/, ' / ')})`;
    return { message: `\`//\` starts a comment: a quotient without its rest is \`${text}\`.`, text };
  }),
  operator,
  withoutParentheses,
  // An image whose places become tokens.
  pattern(
    /^\s*((?:\w+\s*=\s*)?[\w.]+\.flatten\(2\)(?:\.(?:transpose\(1,\s*2\)|permute\(0,\s*2,\s*1\)))?)\s*$/,
    () => ({ message: 'The places of an image become tokens by `tokens`.', text: 'tokens' }),
  ),
  pattern(/^\s*((?:\w+\s*=\s*)?\w+\[:,\s*(\d+)\])\s*$/, (match) => {
    const text = match[2] === '0' ? 'take_token' : `take_token(${match[2]!})`;
    return { message: `One of the tokens is \`${text}\` here.`, text };
  }),
  calls,
];

/** `if a and b {`, `elif`: conditions in parentheses, with the signs of this language. */
function condition({ start, line }: Line): Habit | undefined {
  const found = Array.from(line.matchAll(/\b((?:else\s+if|elif|if)\b)\s*([^{}:]*?)(?=\s*[{:])/g));
  const isForeign = found.some(
    ([, keyword = '', written = '']) =>
      written !== '' &&
      (keyword === 'elif' || !written.startsWith('(') || /\b(?:and|or|not|True|False)\b/.test(written)),
  );
  const first = found[0];
  const last = found.at(-1);
  if (!isForeign || first === undefined || last === undefined) return undefined;
  const span = { start: start + first.index, end: start + last.index + last[0].length };
  let text = '';
  let from = first.index;
  for (const match of found) {
    text += line.slice(from, match.index) + ourCondition(match[1]!, match[2]!);
    from = match.index + match[0].length;
  }
  const example = ourCondition(first[1]!, first[2]!);
  return habit(
    span,
    `Conditions stand in parentheses, with \`&&\`, \`||\` and \`!\`: write \`${example} { … }\`${text.includes('else if') ? ', and `else if` for another' : ''}.`,
    text,
  );
}

function ourCondition(keyword: string, written: string): string {
  const ours = inOurSigns(written);
  const isEnclosed = /^\([^()]*\)$/.test(ours);
  return `${keyword === 'if' ? 'if' : 'else if'} ${isEnclosed ? ours : `(${ours})`}`;
}

function inOurSigns(condition: string): string {
  return condition
    .replaceAll(/\band\b/g, '&&')
    .replaceAll(/\bor\b/g, '||')
    .replaceAll(/\bnot\s+([^&|()]+?)(?=\s*(?:&&|\|\||$|\)))/g, (_, operand: string) =>
      /^\w+$/.test(operand) ? `!${operand}` : `!(${operand})`,
    )
    .replaceAll(/\b(True|False)\b/g, (word) => word.toLowerCase());
}

/** `x + y`, `y = x * z`, `x += y`: tensors are merged by ops. */
function operator({ start, line }: Line): Habit | undefined {
  const match = /^\s*((?:(\w+)\s*=\s*)?(\w+)\s*(\+=?|\*=?)\s*(\w+))\s*$/.exec(line);
  if (match === null || /^\d/.test(match[3]!) || /^\d/.test(match[5]!)) return undefined;
  const op = match[4]!.startsWith('+') ? 'add' : 'mul';
  // A name is given once: what is called as what it is made of flows on by itself.
  const isNew = match[2] !== undefined && match[2] !== match[3] && match[2] !== match[5];
  const text = `${isNew ? `${match[2]!} = ` : ''}${match[3]!} -> ${op}(${match[5]!})`;
  const from = start + line.indexOf(match[1]!);
  return habit(
    { start: from, end: from + match[1]!.length },
    `Tensors are merged by ops: write \`${text}\`.`,
    text,
  );
}

/** `dense 10`: an op and its arguments. */
function withoutParentheses({ start, line }: Line): Habit | undefined {
  const match = /(?:^|->)\s*([a-z]\w*)\s+(\d\w*(?:\s*,\s*\d\w*|[ \t]+\d\w*)*)\s*(?=$|->|\})/.exec(line);
  if (match === null || (opRegistry.get(match[1]!)?.args.length ?? 0) === 0) return undefined;
  const text = `${match[1]!}(${match[2]!.split(/\s*,\s*|\s+/).join(', ')})`;
  const from = start + match.index + match[0].indexOf(match[1]!);
  const end = start + match.index + match[0].trimEnd().length;
  return habit({ start: from, end }, `Arguments stand in parentheses: write \`${text}\`.`, text);
}

/** Calls of other frameworks; all of a line are written anew at once. */
function calls({ text, start, end }: Line): Habit | undefined {
  const code = text.slice(start, end).search(/(?<!:)\/\/|#/);
  const found = pythonCalls(text, start, code === -1 ? end : start + code).filter(isForeign);
  const [first] = found;
  if (first === undefined) return undefined;
  if (isOfSelf(first)) return madeFirst(first, text, found[1]);
  const inner = /\bself(?:\.\w+)+/.exec(text.slice(first.span.start, first.span.end));
  if (inner !== null) return habit(first.span, notMadeFirst(inner[0]));
  return callHabit(text, first, found);
}

function notMadeFirst(name: string): string {
  return `Ops are not made first and called later: write the op itself where it stands in the flow, such as \`conv(16, 3x3) -> bn -> relu\`, instead of \`${name}\`.`;
}

/** `self.conv1(x)`; `self.conv1 = nn.Conv2d(3, 64, 3)`, where it is known what to write instead. */
function madeFirst(self: PythonCall, text: string, made: PythonCall | undefined): Habit {
  const name = writtenName(self);
  const flow =
    made !== undefined &&
    self.args === undefined &&
    /^\s*=\s*$/.test(text.slice(self.span.end, made.span.start))
      ? translate(made)?.flow
      : undefined;
  if (flow === undefined) return habit(self.span, notMadeFirst(name));
  const span = { start: self.span.start, end: made!.span.end };
  return habit(
    span,
    `Ops are not made first and called later: where \`${name}\` is called, write \`${flow}\`.`,
  );
}

/** What is said of a call, with the texts of all calls that are written anew with it. */
export function callHabit(
  text: string,
  first: PythonCall,
  all: readonly PythonCall[] = [first],
): Habit | undefined {
  const translated = all.map((call) => ({ call, translation: translate(call) }));
  const { translation } = translated[0]!;
  if (translation === undefined) {
    const message = withoutCounterpart(first);
    return message === undefined ? undefined : habit(first.span, message);
  }
  const { op, flow, usage } = translation;
  const written = writtenName(first);
  const message =
    first.applied !== undefined && op === first.name
      ? `What a call is made with stands before it: write \`${fedBy(text, first)}${flow ?? usage}\`.`
      : flow === undefined || flow === op
        ? op === 'a flow'
          ? `\`${written}\` is a flow here: ops follow one another, as in \`${usage}\`.`
          : `\`${written}\` is \`${op}\` here${flow === undefined ? `: write \`${usage}\`` : ''}.`
        : op.includes(' ')
          ? `\`${written}\` is a flow here: write \`${flow}\`.`
          : `\`${written}\` is \`${op}\` here: write \`${flow}\`.`;
  if (!translated.every((each) => each.translation?.flow !== undefined)) return habit(first.span, message);
  const span = { start: statementStart(text, first), end: all.at(-1)!.span.end };
  let result = span.start < first.span.start ? '' : fedBy(text, first);
  let from = first.span.start;
  for (const each of translated) {
    result += text.slice(from, each.call.span.start) + each.translation!.flow!;
    from = each.call.span.end;
  }
  return habit(span, message, result);
}

/** Where `x = f(x)` starts, whose result flows on by itself; else where the call does. */
function statementStart(text: string, call: PythonCall): number {
  const before = text.slice(text.lastIndexOf('\n', call.span.start - 1) + 1, call.span.start);
  return assignedName(before) !== undefined && assignedName(before) === fedTensor(call)
    ? call.span.start - before.length + before.search(/\S/)
    : call.span.start;
}

/** `x -> ` where the result is named, and what flows in is said to be another tensor. */
function fedBy(text: string, call: PythonCall): string {
  const before = text.slice(text.lastIndexOf('\n', call.span.start - 1) + 1, call.span.start);
  const tensor = fedTensor(call);
  return assignedName(before) === undefined || tensor === undefined ? '' : `${tensor} -> `;
}

function assignedName(before: string): string | undefined {
  return /^\s*(\w+)\s*=\s*$/.exec(before)?.[1];
}

/** The tensor that a call is made with, as `F.relu(x)`, `ReLU()(x)` or `x.relu()` say it. */
function fedTensor(call: PythonCall): string | undefined {
  const { qualifier, args, applied } = call;
  const name = applied?.[0]?.text ?? (isFunction(call) ? args?.[0]?.text : methodOf(qualifier));
  if (name === undefined || /^[A-Za-z_]\w*$/.test(name)) return name;
  const inner = innerCall(name);
  return inner === undefined ? undefined : fedTensor(inner);
}

function isOfSelf({ qualifier }: PythonCall): boolean {
  return qualifier === 'self' || qualifier.startsWith('self.');
}

function isForeign(call: PythonCall): boolean {
  if (isOfSelf(call)) return true;
  const { qualifier, name, applied } = call;
  if (qualifier === '' && applied === undefined && opRegistry.has(name)) return false;
  return (
    (qualifier !== '' || applied !== undefined || !opRegistry.has(name)) &&
    (translate(call) !== undefined || withoutCounterpart(call) !== undefined)
  );
}

function writtenName({ qualifier, name }: PythonCall): string {
  return qualifier === '' ? name : `${qualifier}.${name}`;
}
