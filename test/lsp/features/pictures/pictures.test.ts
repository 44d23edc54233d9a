import { describe, expect, test } from 'vitest';
import { picture, pictureChanged } from '../../../../server/protocol/pictures.ts';
import type { PictureAnswer } from '../../../../server/protocol/pictures.ts';
import { showSpectrumCommand } from '../../../../server/protocol/protocol.ts';
import { TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';

/** Scored in a moment. */
const settings = { score: { seeds: 2, indexSets: 4, debounce: 20 } };

const net = `block Twice(out) {
  conv(out, 3x3) -> bn -> relu
}
model Net {
  input 8x8x3
  classes 4
  Twice(6)
  Twice(8)
  gap -> dense(classes)
}
`;

async function pictureOf({ client, uri }: OpenDocument, model = 'Net'): Promise<PictureAnswer | null> {
  return await client.connection.sendRequest(picture, { uri, model });
}

/** Waits for a picture that is as good as it will be. */
async function settledPicture(document: OpenDocument): Promise<PictureAnswer> {
  return await document.client.until('the whole picture', async () => {
    const answer = await pictureOf(document);
    return answer?.state === 'current' && answer.contributions.state === 'current' ? answer : undefined;
  });
}

describe('pictures', () => {
  test('have the score, the contributions of all ops, and where these are written', async () => {
    await using client = await TestClient.start({ settings });
    const changed: string[] = [];
    client.connection.onNotification(pictureChanged, ({ uri }) => {
      changed.push(uri);
      client.wake();
    });
    const document = await client.open('net.arch', net);
    const answer = await settledPicture(document);
    const shown = answer.picture!;
    expect(shown.model).toBe('Net');
    expect(shown.file).toBe('net.arch');
    expect(shown.deciles).toHaveLength(9);
    expect(shown.seeds.map(({ seed }) => seed)).toEqual([0, 1]);
    const { over, ops, earlier } = shown.contributions;
    expect([over, earlier]).toEqual(['all', undefined]);
    expect(ops.map(({ label }) => label)).toEqual(['conv(6, 3x3)', 'bn', 'conv(8, 3x3)', 'bn', 'dense(4)']);
    expect(ops.reduce((sum, { share }) => sum + share.value, 0)).toBeCloseTo(1, 6);
    expect(ops.map(({ place }) => document.textOf(place))).toEqual([
      'conv(out, 3x3)',
      'bn',
      'conv(out, 3x3)',
      'bn',
      'dense(classes)',
    ]);
    expect(ops[2]!.calls.map(({ label, place }) => [label, document.textOf(place)])).toEqual([
      ['Twice(8)', 'Twice(8)'],
    ]);
    expect(changed).toContain(document.uri);
  });

  test('keep the last contributions, marked, until those of the new text are there', async () => {
    await using client = await TestClient.start({ settings });
    const document = await client.open('net.arch', net);
    let first = await settledPicture(document);
    await document.edit(0, 0, '\n\n');
    // What is computed within the time of a request is not seen on its way: then another width is tried.
    let width = 8;
    let between: PictureAnswer | undefined;
    while (between === undefined) {
      await document.replace(`Twice(${width})`, `Twice(${width + 2})`);
      width += 2;
      const answer = await client.until('the score of the new text', async () => {
        const now = await pictureOf(document);
        const isNew = now?.state === 'current' && now.picture?.origin.key !== first.picture!.origin.key;
        return isNew ? now : undefined;
      });
      if (answer.contributions.state === 'computing') between = answer;
      else first = await settledPicture(document);
    }
    expect(between.contributions).toEqual({ state: 'computing', shown: 'earlier' });
    expect(between.picture!.contributions.earlier).toBe(true);
    expect(between.picture!.contributions.ops.map(({ share }) => share)).toEqual(
      first.picture!.contributions.ops.map(({ share }) => share),
    );
    // They lead to where the ops are now.
    const [conv] = between.picture!.contributions.ops;
    expect(document.textOf(conv!.place)).toBe('conv(out, 3x3)');
    const second = await settledPicture(document);
    expect(second.picture!.origin.key).not.toBe(first.picture!.origin.key);
  });

  test('are those of the last sound text while there are errors, and say so', async () => {
    await using client = await TestClient.start({ settings });
    const document = await client.open('net.arch', net);
    const sound = await settledPicture(document);
    await document.replace('classes 4', 'classes 4 ]');
    const stale = await pictureOf(document);
    expect(stale).toMatchObject({ state: 'stale', problem: 'The model has 1 error.' });
    expect(stale!.picture).toEqual(sound.picture);
    await document.replace('classes 4 ]', 'classes 4');
    expect((await settledPicture(document)).picture).toEqual(sound.picture);
  });

  test('are none for a model without a score, with the reason', async () => {
    await using client = await TestClient.start({ settings });
    const broken = await client.open('broken.arch', net.replace('Twice(6)', 'Thrice(6)'));
    const answer = await pictureOf(broken);
    expect(answer).toMatchObject({ state: 'invalid', problem: 'The model has 1 error.' });
    expect(answer!.picture).toBeUndefined();
  });

  test('are none for what is not there', async () => {
    await using client = await TestClient.start({ settings });
    const document = await client.open('net.arch', net);
    expect(await pictureOf(document, 'Other')).toBeNull();
    await settledPicture(document);
    await document.close();
    expect(await pictureOf(document)).toBeNull();
  });

  test('are offered by a lens to a client that draws them', async () => {
    await using client = await TestClient.start({
      settings,
      initializationOptions: { clientCommands: true, panels: true },
    });
    const document = await client.open('net.arch', net);
    const lenses = await document.lenses();
    expect(lenses.map(({ command }) => command?.command)).toContain(showSpectrumCommand);
    const lens = lenses.find(({ command }) => command?.command === showSpectrumCommand);
    expect(lens?.command?.arguments).toEqual([document.uri, 'Net']);
  });
});
