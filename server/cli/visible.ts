/** Control characters, line and paragraph separators, and marks that turn the direction of what follows. */
const unseen = String.raw`[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const everyUnseen = new RegExp(unseen, 'gu');
const unseenOrBreak = new RegExp(String.raw`\r\n|${unseen}`, 'gu');
/** What `styleText` puts around a text: it changes how what follows looks, and nothing else. */
const style = `${String.fromCharCode(27)}\\[[\\d;]*m`;
const unseenOrStyle = new RegExp(`${style}|\r\n|${unseen}`, 'gu');

/**
 * A name or another short text of somebody else, as it can be shown in a terminal: nothing in it moves the cursor, starts a
 * line or turns the direction. `\x1b` and `\u202e` stand for such characters.
 */
export function shown(text: string): string {
  return text.replace(everyUnseen, escaped);
}

/** The same of a text of several lines: line breaks and tabs stay. */
export function shownLines(text: string): string {
  return text.replace(unseenOrBreak, escapedInLine);
}

/** The same of lines that have been styled by `styled`. */
export function shownStyled(text: string): string {
  return text.replace(unseenOrStyle, (match) => (match.length > 2 ? match : escapedInLine(match)));
}

function escapedInLine(match: string): string {
  return match === '\n' || match === '\t' || match === '\r\n' ? match : escaped(match);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
