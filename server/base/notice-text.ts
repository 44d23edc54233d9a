/**
 * Text of a message or of progress. The editor makes links of `[words](address)` in it, which may even run commands: a file's
 * name must not become one.
 */
export function noticeText(text: string): string {
  // A word joiner is not seen.
  return text.replaceAll('](', ']\u2060(');
}
