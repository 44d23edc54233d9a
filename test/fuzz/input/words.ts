import { KEYWORDS } from '../../../grammar/tokens.ts';
import { opRegistry } from '../../../server/network/ops/index.ts';

export const keywords: readonly string[] = KEYWORDS.map((type) => type.LABEL!);
export const ops: readonly string[] = [...opRegistry.keys()];

/** Names that every object of JavaScript has. */
export const prototypeNames = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'then',
  'length',
  'name',
] as const;

/** A small pool, so that names are sometimes declared. */
export const names: readonly string[] = ['A', 'B', 'C', 'M', 'x', 'y', 'w', 'i', ...prototypeNames];

export const numbers = [
  '0', '1', '2', '3', '4', '8', '16', '32', '0.5', '1e-5', '450M', '1K', '64G', '007', '200', '201', '10000', '10001', '65536',
  '65537', '2147483648', '4294967297', '9007199254740993', '1e15', '1e308', '1e309', '1e-400', '999999999999999999999999',
  '0.1', '1.5', '1e5K', '3G',
] as const; // prettier-ignore

export const sizes = [
  '1x1', '3x3', '5x5', '8x8x3', '8x8x4', '32x32x3', '16x4', '0x0', '0x3', '8x8x65537', '65537x65537x3', '1x1x1x1', '2x2x2x2x2x2',
  '224x224x3', '9999999999x2', '8x8x1e3', '007x3',
] as const; // prettier-ignore

export const strings = [
  '"./b.arch"', '"./c.arch"', '"./main.arch"', '"./none.arch"', '"../x.arch"', '"./\ud83d.arch"', '"./%.arch"', '"./%ff.arch"',
  '"./a b.arch"', '"./é.arch"', '"./"', '""', '"same"', '"|relu~0|"', '"|none~0|+|skip_connect~0|nor_conv_1x1~1|"', '"|nope~9|"',
  '"|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|"', '"\\n\\t\\"\\\\"', '"\\q"',
  '"./constructor.arch"', '"././b.arch"', '"./../work/b.arch"', '"./b.arch?x"', '"./b.arch#x"', '"http://h/b.arch"',
] as const; // prettier-ignore

/** What no keyboard writes, and what no language expects. */
export const oddities = [
  '\0', '\u0001', '\u001b[31m', '\u007f', '\u0085', '\u00a0', '\u200b', '\u200e', '\u202e', '\u2028', '\u2029', '\ufeff',
  '\ufffd', '\uffff', '\ud800', '\udfff', '\ud83d', '🙂', 'é', 'e\u0301', 'İ', 'ß', '\v', '\f', '\b', '١',
] as const; // prettier-ignore

/** Breaks and blanks that may stand between any two tokens. */
export const gaps = [
  ' ', ' ', ' ', ' ', '\n', '\n', '\n  ', '\n\n\n', '\r\n', '\r', '\t', '  ', ' // note\n', '\n/// doc\n', '/* a */', '/* a\n b */',
  '\n// archlens: ignore\n', '\n// archlens: ignore unused-name\n', ' // archlens: ignore-file\n', '///\n', '\n/// ![x](https://a.example/t.png)\n',
] as const; // prettier-ignore

export const punctuation = [
  '->', '==', '!=', '<=', '>=', '&&', '||', '=', '<', '>', '+', '-', '*', '/', '%', '!', '?', ':', ',', '(', ')', '[', ']', '{', '}',
  ';', '@', '#', "'", '"', '/*', '*/', '//', '///', '~', '|', '\\', '`', '.', '..', '&',
] as const; // prettier-ignore
