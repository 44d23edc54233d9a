// What runs in the editor's page: it is sent there as text, so it refers to nothing outside of itself.

export interface Notes {
  /** Ends it and gives the texts in order. */
  readonly stop: () => string[];
}

/** Notes every text that elements of a selector show from now on. */
export function noteTexts(selector: string): Notes {
  const seen: string[] = [];
  const look = (): void => {
    for (const element of document.querySelectorAll(selector)) {
      const text = element.textContent;
      if (text !== '' && text !== seen.at(-1)) seen.push(text);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  look();
  return {
    stop: () => {
      observer.disconnect();
      return seen;
    },
  };
}

/** The middle of the first text like `wanted` behind `before`, in the visible lines of an editor. */
export function middleOf(
  container: Element,
  [wanted, before]: readonly [string, string],
): { x: number; y: number } | undefined {
  const lines = [...container.querySelectorAll('.view-line')].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  let skipping = before !== '';
  for (const line of lines) {
    const content = line.textContent.replaceAll('\u00a0', ' ');
    let from = 0;
    if (skipping) {
      const index = content.indexOf(before);
      if (index === -1) continue;
      skipping = false;
      from = index + before.length;
    }
    const start = content.indexOf(wanted, from);
    if (start === -1) continue;
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const middle = start + Math.floor(wanted.length / 2);
    let seen = 0;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (middle < seen + length) {
        const range = document.createRange();
        range.setStart(node, middle - seen);
        range.setEnd(node, middle - seen + 1);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      seen += length;
    }
  }
  return undefined;
}
