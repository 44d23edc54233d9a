import { createToken, Lexer, type ITokenConfig, type TokenType } from 'chevrotain';

/**
 * The vocabulary of the language. Words that mean something only in one place (`in`, `as`, `input` …) are *soft*:
 * they stay usable as names of parameters and values. Every word may be the name of an argument (`conv(in = 3)`).
 */

/** Any word, keyword or not: what may stand before `=` in an argument. */
export const Word = createToken({ name: 'Word', pattern: Lexer.NA });
/** An identifier or a soft keyword: what may be declared and used as a name. */
export const Name = createToken({ name: 'Name', pattern: Lexer.NA });
/** What may be called in a flow: an identifier, `add`, `concat` or `mul`. */
export const Callee = createToken({ name: 'Callee', pattern: Lexer.NA });
/** Operators between two operands. */
export const Infix = createToken({ name: 'Infix', pattern: Lexer.NA });
/** Operators before an operand. */
export const Prefix = createToken({ name: 'Prefix', pattern: Lexer.NA });

export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [Word, Name, Callee],
});

function keyword(name: string, ...categories: TokenType[]): TokenType {
  return createToken({
    name,
    label: name.toLowerCase(),
    pattern: name.toLowerCase(),
    longer_alt: Identifier,
    categories: [Word, ...categories],
  });
}

export const Import = keyword('Import');
export const From = keyword('From', Name);
export const Let = keyword('Let');
export const Block = keyword('Block');
export const Model = keyword('Model');
export const Space = keyword('Space', Name);
export const Cell = keyword('Cell', Name);
export const Input = keyword('Input', Name);
export const Classes = keyword('Classes', Name);
export const Constraint = keyword('Constraint');
export const Repeat = keyword('Repeat');
export const As = keyword('As', Name);
export const For = keyword('For');
export const In = keyword('In', Name);
export const If = keyword('If');
export const Else = keyword('Else');
export const Residual = keyword('Residual');
export const Shortcut = keyword('Shortcut');
export const Parallel = keyword('Parallel');
export const Add = keyword('Add', Name, Callee);
export const Concat = keyword('Concat', Name, Callee);
export const Mul = keyword('Mul', Name, Callee);
export const Branch = keyword('Branch', Name);
export const Choice = keyword('Choice');
export const True = keyword('True');
export const False = keyword('False');

export const KEYWORDS: readonly TokenType[] = [
  Import, From, Let, Block, Model, Space, Cell, Input, Classes, Constraint, Repeat, As, For, In, If, Else,
  Residual, Shortcut, Parallel, Add, Concat, Mul, Branch, Choice, True, False,
]; // prettier-ignore

function symbol(
  name: string,
  pattern: string | RegExp,
  label: string,
  ...categories: TokenType[]
): TokenType {
  return createToken({ name, pattern, label, categories });
}

export const Arrow = symbol('Arrow', /->|[\u2192\u27f6\u2794\u279c]/, '->');
export const EqualEqual = symbol('EqualEqual', '==', '==', Infix);
export const NotEqual = symbol('NotEqual', /!=|\u2260/, '!=', Infix);
export const LessEqual = symbol('LessEqual', /<=|\u2264/, '<=', Infix);
export const GreaterEqual = symbol('GreaterEqual', />=|\u2265/, '>=', Infix);
export const AndAnd = symbol('AndAnd', '&&', '&&', Infix);
export const OrOr = symbol('OrOr', '||', '||', Infix);
export const Equal = symbol('Equal', '=', '=');
export const Less = symbol('Less', '<', '<', Infix);
export const Greater = symbol('Greater', '>', '>', Infix);
export const Plus = symbol('Plus', '+', '+', Infix);
export const Minus = symbol('Minus', /[-\u2212]/, '-', Infix, Prefix);
export const Star = symbol('Star', '*', '*', Infix);
export const Slash = symbol('Slash', '/', '/', Infix);
export const Percent = symbol('Percent', '%', '%', Infix);
export const Not = symbol('Not', '!', '!', Prefix);
export const Question = symbol('Question', '?', '?');
export const Colon = symbol('Colon', ':', ':');
export const Comma = symbol('Comma', ',', ',');
export const LParen = symbol('LParen', '(', '(');
export const RParen = symbol('RParen', ')', ')');
export const LSquare = symbol('LSquare', '[', '[');
export const RSquare = symbol('RSquare', ']', ']');
export const LCurly = symbol('LCurly', '{', '{');
export const RCurly = symbol('RCurly', '}', '}');

/** `3x3`, `32x32x3`: one token, so that `x` needs no operator. */
export const Dims = createToken({
  name: 'Dims',
  label: 'a size such as 3x3',
  pattern: /\d+(?:x\d+)+(?![\w.])/,
});
export const NumberToken = createToken({
  name: 'Number',
  label: 'a number',
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[KMG]?(?![\w.])/,
});
export const StringToken = createToken({
  name: 'String',
  label: 'a string in double quotes',
  pattern: /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/,
});

/** Forms that are not part of the language, recognised to say what is wrong with them. */
export const BadNumber = createToken({
  name: 'BadNumber',
  pattern: /(?:\d|\.\d)(?:[eE][+-](?=\d)|[\w.\u00d7])*/,
});
export const UnterminatedString = createToken({
  name: 'UnterminatedString',
  pattern: /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*\\?/,
});
export const SingleQuoted = createToken({ name: 'SingleQuoted', pattern: /'(?:[^'\r\n]*')?/ });
export const CurlyQuoted = createToken({
  name: 'CurlyQuoted',
  pattern: /[\u201c\u201d\u201e](?:[^"\u201c\u201d\r\n]*["\u201c\u201d])?/,
});
export const HashComment = createToken({ name: 'HashComment', pattern: /#[^\r\n]*/ });
export const Semicolon = createToken({ name: 'Semicolon', pattern: /;+/ });
/** One character outside ASCII that is none of the above; the lexer joins runs of them. */
export const Foreign = createToken({ name: 'Foreign', pattern: /[\u0080-\uffff]/ });
export const Unknown = createToken({
  name: 'Unknown',
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is meant
  pattern: /[\x00-\x08\x0e-\x1f\x7f@$\\^`~.&|]/,
});

/** The last end of a comment in a text, looked up once: many unclosed comments stay linear. */
const closerMemo = { text: '', noneFrom: 0 };
const blockCommentPattern: NonNullable<ITokenConfig['pattern']> = (text: string, offset: number) => {
  if (!text.startsWith('/*', offset)) return null;
  if (closerMemo.text !== text) Object.assign(closerMemo, { text, noneFrom: text.lastIndexOf('*/') });
  if (offset + 2 > closerMemo.noneFrom) return null;
  const end = text.indexOf('*/', offset + 2);
  return end < 0 ? null : [text.slice(offset, end + 2)];
};

export const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[\s\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const DocLine = createToken({
  name: 'DocLine',
  pattern: /\/\/\/(?!\/)[^\r\n]*/,
  group: 'comments',
});
export const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\r\n]*/, group: 'comments' });
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: blockCommentPattern,
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'comments',
});
/** Runs to the next declaration or doc comment at the start of a line, so that the rest of the file keeps working. */
export const UnterminatedComment = createToken({
  name: 'UnterminatedComment',
  pattern: /\/\*[^]*?(?=[\r\n](?:\/\/\/|(?:model|block|space|cell|import|let)\s)|(?![^]))/,
  line_breaks: true,
  group: 'comments',
});

/** All concrete tokens, in the order the lexer tries them. */
export const TOKENS: readonly TokenType[] = [
  WhiteSpace, DocLine, LineComment, BlockComment, UnterminatedComment,
  Dims, NumberToken, BadNumber, ...KEYWORDS, Identifier,
  StringToken, UnterminatedString, SingleQuoted, CurlyQuoted, HashComment, Semicolon,
  Arrow, EqualEqual, NotEqual, LessEqual, GreaterEqual, AndAnd, OrOr, Equal, Less, Greater, Plus, Minus, Star,
  Slash, Percent, Not, Question, Colon, Comma, LParen, RParen, LSquare, RSquare, LCurly, RCurly, Foreign, Unknown,
]; // prettier-ignore

/** For the parser: the concrete tokens and their categories. */
export const VOCABULARY: TokenType[] = [Word, Name, Callee, Infix, Prefix, ...TOKENS];
