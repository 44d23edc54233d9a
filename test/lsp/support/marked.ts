// Snippets with marks: `«name»` is a span, `‸` a position; both are taken out of the text.

export interface Marked {
  readonly text: string;
  /** Texts between `«` and `»`, with their offsets. */
  readonly spans: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

export function marked(source: string): Marked {
  let text = '';
  const open: number[] = [];
  const spans: { start: number; end: number; text: string }[] = [];
  for (const character of source) {
    if (character === '«') open.push(text.length);
    else if (character === '»') {
      const start = open.pop();
      if (start === undefined) throw new Error('A span ends that did not start.');
      spans.push({ start, end: text.length, text: text.slice(start) });
    } else text += character;
  }
  return { text, spans: spans.sort((a, b) => a.start - b.start) };
}
