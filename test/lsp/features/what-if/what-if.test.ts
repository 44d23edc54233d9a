import { CancellationTokenSource, CodeActionRequest, LSPErrorCodes } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import {
  alternativeScored,
  alternativesEnded,
  improveModel,
  improveProgress,
  modelTotals,
  openAlternatives,
  resolveAlternative,
  resolveProgress,
  tryAlternativesCommand,
} from '../../../../server/protocol/what-if.ts';
import type {
  AlternativesEnd,
  ImproveParams,
  ImproveProgress,
  ResolveProgress,
  VerdictParams,
} from '../../../../server/protocol/what-if.ts';
import type { MoveKind } from '../../../../server/search/moves/move.ts';
import { TestClient } from '../../support/client.ts';

const quick = { score: { seeds: 2, indexSets: 2, debounce: 20 } };

const text = `block B(c) {
  conv(c, 3x3) -> bn -> relu
}
model M {
  input 8x8x3
  classes 4
  B(8)
  gap -> dense(classes)
}
`;

test('alternatives fill a list as they are scored, and are applied as edits', async () => {
  await using client = await TestClient.start({ settings: quick });
  const verdicts: VerdictParams[] = [];
  let end: AlternativesEnd | undefined;
  client.connection.onNotification(alternativeScored, (params) => {
    verdicts.push(params);
    client.wake();
  });
  client.connection.onNotification(alternativesEnded, (params) => {
    end = params;
    client.wake();
  });
  const document = await client.open('main.arch', text);
  const list = await client.connection.sendRequest(openAlternatives, {
    uri: document.uri,
    position: document.position('3x3'),
  });
  if (typeof list === 'string') throw new Error(list);
  expect(list).toMatchObject({ about: '3x3', model: 'M', others: 0, leftOut: 0 });
  expect(list.alternatives.map(({ title }) => title)).toEqual(['3x3 → 1x1', '3x3 → 5x5', '3x3 → 7x7']);
  const edited = TextDocument.applyEdits(document.document, [...list.alternatives[1]!.edits]);
  expect(edited).toBe(text.replace('3x3', '5x5'));
  await client.until('the end of the list', () => end);
  expect(end).toEqual({ id: list.id });
  expect(verdicts.slice(0, 3).map(({ index }) => index)).toEqual([0, 1, 2]);
  // Those that VKDNW prefers are told of again, with what the other scores say.
  for (const { verdict } of verdicts.slice(3)) expect(verdict).toHaveProperty('opinion');
  for (const { id, verdict } of verdicts) {
    expect(id).toBe(list.id);
    expect(verdict).toMatchObject({ state: 'scored', difference: { layers: 0 } });
  }
});

test('kinds of changes are those that are asked for, and all where nothing else is pointed at', async () => {
  await using client = await TestClient.start({ settings: quick });
  const document = await client.open('main.arch', text);
  const titles = async (what: string, kinds?: readonly MoveKind[]): Promise<readonly string[]> => {
    const list = await client.connection.sendRequest(openAlternatives, {
      uri: document.uri,
      position: document.position(what),
      ...(kinds === undefined ? {} : { kinds }),
    });
    if (typeof list === 'string') throw new Error(list);
    return list.alternatives.map(({ title }) => title);
  };
  expect(await titles('conv', ['kernel'])).toEqual(['3x3 → 1x1', '3x3 → 5x5', '3x3 → 7x7']);
  expect(await titles('relu')).toContain('relu → gelu');
});

test('seeds are added to an alternative, with news, and no more once that is cancelled', async () => {
  await using client = await TestClient.start({ settings: quick });
  let verdict: VerdictParams | undefined;
  let progress: ResolveProgress | undefined;
  let end: AlternativesEnd | undefined;
  client.connection.onNotification(alternativeScored, (params) => {
    if (params.index === 1) verdict = params;
    client.wake();
  });
  client.connection.onNotification(resolveProgress, (params) => {
    progress = params;
    client.wake();
  });
  client.connection.onNotification(alternativesEnded, (params) => {
    end = params;
    client.wake();
  });
  const document = await client.open('main.arch', text);
  const position = document.position('3x3');
  const list = await client.connection.sendRequest(openAlternatives, { uri: document.uri, position });
  if (typeof list === 'string') throw new Error(list);
  await client.until('the end of the list', () => end);
  expect(verdict?.verdict).toMatchObject({ difference: { seeds: 4 } });
  const { id } = list;
  expect(await client.connection.sendRequest(resolveAlternative, { id, index: 1 })).toBeNull();
  expect(progress).toMatchObject({ id, index: 1, most: 64 });
  if (verdict?.verdict.state !== 'scored') throw new Error('It has no score.');
  const { seeds, withinNoise } = verdict.verdict.difference;
  expect([8, 16, 32, 64]).toContain(seeds);
  expect(withinNoise && seeds < 64).toBe(false);
  const cancelled = new CancellationTokenSource();
  const second = client.connection.sendRequest(resolveAlternative, { id, index: 0 }, cancelled.token);
  cancelled.cancel();
  const answer = await second.catch((error: unknown) => error);
  if (answer instanceof Error) expect(answer).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  else expect(answer).toBeNull();
  expect(await client.connection.sendRequest(resolveAlternative, { id: id + 1, index: 0 })).toMatch(
    /not open/,
  );
});

test('where there is nothing to vary, that is said', async () => {
  await using client = await TestClient.start({ settings: quick });
  const document = await client.open('main.arch', text);
  const ask = (what: string): Promise<unknown> =>
    client.connection.sendRequest(openAlternatives, { uri: document.uri, position: document.position(what) });
  expect(await ask('input')).toMatch(/nothing to vary/);
  const lone = await client.open('lone.arch', 'block Lone() {\n  conv(8, 3x3)\n}\n');
  expect(
    await client.connection.sendRequest(openAlternatives, { uri: lone.uri, position: lone.position('3x3') }),
  ).toMatch(/No model uses/);
});

test('the code action is there for a client that lists alternatives', async () => {
  const actions = async (client: TestClient): Promise<unknown[]> => {
    const document = await client.open('main.arch', text);
    const position = document.position('3x3');
    const found = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    return (found ?? []).filter(
      ({ command }) => typeof command === 'object' && command.command === tryAlternativesCommand,
    );
  };
  await using lists = await TestClient.start({
    settings: quick,
    initializationOptions: { alternatives: true },
  });
  expect(await actions(lists)).toMatchObject([
    { title: 'Try alternatives to `3x3`…', kind: 'refactor.rewrite' },
  ]);
  await using plain = await TestClient.start({ settings: quick });
  expect(await actions(plain)).toEqual([]);
});

test('a model is improved within a budget, and the document stays as it is', async () => {
  await using client = await TestClient.start({ settings: quick });
  const document = await client.open('main.arch', text);
  const totals = await client.connection.sendRequest(modelTotals, { uri: document.uri, model: 'M' });
  const budget = { maxParams: 2 * totals!.params, maxMacs: 2 * totals!.macs };
  const result = await client.connection.sendRequest(improveModel, {
    uri: document.uri,
    model: 'M',
    budget,
    steps: 1,
  });
  expect(result).toMatchObject({ version: 1, before: totals });
  expect(result!.after.params).toBeLessThanOrEqual(budget.maxParams);
  expect(['steps', 'no better neighbour']).toContain(result!.end);
  expect(result!.text === text).toBe(result!.steps.length === 0);
});

test('improving ends when it is cancelled, however early, and the engine is free for the next', async () => {
  await using client = await TestClient.start({ settings: quick });
  const document = await client.open('main.arch', text);
  const totals = await client.connection.sendRequest(modelTotals, { uri: document.uri, model: 'M' });
  const budget = { maxParams: 2 * totals!.params, maxMacs: 2 * totals!.macs };
  const params: ImproveParams = { uri: document.uri, model: 'M', budget, steps: 5 };
  let progress: ImproveProgress | undefined;
  client.connection.onNotification(improveProgress, (news) => {
    progress = news;
    client.wake();
  });
  const early = new CancellationTokenSource();
  const first = client.connection.sendRequest(improveModel, params, early.token);
  early.cancel();
  const outcome = await first.catch((error: unknown) => error);
  if (outcome instanceof Error) expect(outcome).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  else expect(outcome).toMatchObject({ end: 'cancelled', steps: [], text });

  progress = undefined;
  const later = new CancellationTokenSource();
  const second = client.connection.sendRequest(improveModel, params, later.token);
  await client.until('a change that was tried', () => progress);
  later.cancel();
  expect(await second).toMatchObject({ end: 'cancelled', version: 1 });

  const whole = await client.connection.sendRequest(improveModel, { ...params, steps: 1 });
  expect(['steps', 'no better neighbour']).toContain(whole!.end);
});
