// node bench/editor/workbench/replay.ts [--log FILE] [--networks PART…] [--logs FILE…]: types recorded edits in the real editor, notes
// everything that the lens shows after each, and prints how often it changes and what a later number contradicts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import type { Page } from 'playwright-core';
import { copyExamples } from '../../../scripts/examples.mjs';
import { root } from '../../../scripts/node24.mjs';
import { markdown, terminalText } from '../../report.ts';
import { claimOf, type ShownLens } from './lens-record.ts';
import { edited, placeOf, recordedNetworks, recordedText, type RecordedNetwork } from './recorded-edits.ts';
import { replayTable, type ReplayedEdit } from './replay-table.ts';
import { goTo, openFile, patience, withWorkbench } from './window.ts';

/** Milliseconds in which a lens that stays as it is has been asked for again, on a machine that is busy. */
const grace = 4000;
/** A large network takes minutes (milliseconds). */
const longest = 600_000;

interface Options {
  readonly log?: string;
  readonly logs?: readonly string[];
  readonly networks?: readonly string[];
}

async function main(): Promise<void> {
  const command = new Command('replay')
    .option('--log <file>', 'writes every lens as JSON')
    .option('--logs <files...>', 'replays nothing: prints what was logged')
    .option('--networks <parts...>', 'those alone whose names have one of these parts')
    .parse();
  const { log, logs, networks: parts } = command.opts<Options>();
  if (logs !== undefined) {
    print(logs.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as ReplayedEdit[]));
    return;
  }
  const networks = recordedNetworks.filter(
    ({ name }) => parts === undefined || parts.some((part) => name.includes(part)),
  );
  const examples = join(root, 'examples');
  const texts = new Map(networks.map((network) => [network.name, recordedText(examples, network)]));
  const fill = (workspace: string): void => {
    copyExamples(workspace);
    mkdirSync(join(workspace, 'zoo'));
    for (const network of networks)
      writeFileSync(join(workspace, dirname(network.file), fileOf(network)), texts.get(network.name)!);
  };
  // What is typed is all that changes.
  const settings = { 'editor.autoClosingBrackets': 'never', 'editor.autoIndent': 'none' };
  const replayed: ReplayedEdit[] = [];
  await withWorkbench({ fill, settings }, async (page) => {
    // The lens of a model is seen while something far above it is edited.
    await page.setViewportSize({ width: 1400, height: 1500 });
    for (const network of networks) {
      for await (const edit of replay(page, network, texts.get(network.name)!)) {
        replayed.push(edit);
        process.stderr.write(
          `${edit.network} ${edit.edit}: ${edit.shown.map(({ title }) => title).join(' → ')}\n`,
        );
        if (log !== undefined) writeFileSync(log, JSON.stringify(replayed, null, 1));
      }
    }
  });
  print(replayed);
}

function print(edits: readonly ReplayedEdit[]): void {
  process.stdout.write(`${terminalText(replayTable(edits))}\n${markdown(replayTable(edits))}`);
}

function fileOf({ model }: RecordedNetwork): string {
  return `recorded-${model.toLowerCase()}.arch`;
}

async function* replay(page: Page, network: RecordedNetwork, text: string): AsyncGenerator<ReplayedEdit> {
  await openFile(page, fileOf(network));
  await watch(page);
  const [begun] = await settled(page);
  if (claimOf(begun.at(-1)!).score === undefined)
    throw new Error(`${network.name} has no score to begin with: ${JSON.stringify(begun)}`);
  for (const [index, edit] of network.edits.entries()) {
    const lines = text.slice(0, placeOf(text, edit)).split('\n');
    await goTo(page, lines.length, lines.at(-1)!.length + 1);
    for (let left = edit.find.length; left > 0; left -= 1) await page.keyboard.press('Shift+ArrowRight');
    const before = (await watch(page)).at(-1)?.title;
    if (edit.by === '') await page.keyboard.press('Delete');
    else await page.keyboard.insertText(edit.by);
    text = edited(text, edit);
    const [shown, clicked] = await settled(page);
    if (before !== shown[0]?.title) throw new Error(`The lens changed before ${JSON.stringify(edit)}.`);
    yield { network: network.name, edit: index + 1, shown, clicked };
  }
  await page.keyboard.press('Escape');
}

/** Waits until nothing more is to come, and asks for more where it is offered. @returns what was shown, and after how many of these the click came */
async function settled(page: Page): Promise<[shown: readonly ShownLens[], clicked: number | undefined]> {
  const begun = performance.now();
  let clicked: number | undefined;
  for (;;) {
    await page.waitForTimeout(200);
    const shown = await notes(page);
    const last = shown.at(-1);
    const now = performance.now() - begun;
    if (now > longest) throw new Error(`The lens does not settle: ${JSON.stringify(shown)}`);
    if (last === undefined || now < grace) continue;
    const { final, settleOffered } = claimOf(last);
    if (final && shown.every(({ at }) => now - at > 1000)) return [shown, clicked];
    if (settleOffered && clicked === undefined && now - last.at > 1000) {
      clicked = shown.length;
      await page.locator('.codelens-decoration a', { hasText: 'Settle' }).first().click(patience);
    }
  }
}

/** Begins to note anew. @returns what was noted before */
async function watch(page: Page): Promise<readonly ShownLens[]> {
  const before = await notes(page);
  await page.evaluate(noteLens);
  return before;
}

async function notes(page: Page): Promise<readonly ShownLens[]> {
  const found = await page.evaluate(
    () => (globalThis as unknown as { shownLenses?: ShownLens[] }).shownLenses ?? [],
  );
  // How Monaco draws spaces.
  return found.map((lens) => ({ ...lens, title: lens.title.replaceAll('\u00a0', ' ') }));
}

/** In the page: notes what the first lens of the file in front shows from now on. */
function noteLens(): void {
  const page = globalThis as unknown as { shownLenses?: ShownLens[]; lensObserver?: MutationObserver };
  const begun = performance.now();
  const shown: ShownLens[] = [];
  page.shownLenses = shown;
  page.lensObserver?.disconnect();
  const look = (): void => {
    const lens = document.querySelector('.editor-instance .codelens-decoration a');
    const title = lens?.textContent ?? '';
    if (title === '' || title === shown.at(-1)?.title) return;
    shown.push({ at: performance.now() - begun, title, tooltip: lens?.getAttribute('title') ?? '' });
  };
  page.lensObserver = new MutationObserver(look);
  page.lensObserver.observe(document.body, { childList: true, characterData: true, subtree: true });
  look();
}

await main();
