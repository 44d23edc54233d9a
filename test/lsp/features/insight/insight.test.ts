import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver-protocol/node';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';
import { contributions, insight, insightChanged } from '../../../../server/protocol/insight.ts';
import type { InsightAnswer } from '../../../../server/protocol/insight.ts';
import { expectHover, expectLens, TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';

/** Scored in a moment: two draws instead of four. */
const quick = { score: { seeds: 2, debounce: 20 } };

const tiny = `model Tiny {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> relu
  repeat 2 { residual { conv(8, 1x1) -> bn } }
  gap -> dense(classes)
}
`;

async function answerOf(document: OpenDocument, model: string, compute = true): Promise<InsightAnswer> {
  const { client, uri } = document;
  const answer = await client.connection.sendRequest(insight, { uri, model, compute });
  expect(answer).not.toBeNull();
  return answer!;
}

async function current(document: OpenDocument, model = 'Tiny'): Promise<InsightAnswer> {
  return await document.client.until('an insight', async () => {
    const answer = await answerOf(document, model);
    return answer.state === 'current' ? answer : undefined;
  });
}

describe('the inside of a score', () => {
  test('comes on request, joined with the source, and with news', async () => {
    await using client = await TestClient.start({ settings: quick });
    const news: string[] = [];
    client.connection.onNotification(insightChanged, ({ uri }) => {
      news.push(uri);
    });
    const document = await client.open('tiny.arch', tiny);
    const answer = await current(document);
    const { ops } = answer.insight!;
    expect(ops.map(({ op }) => op).join(' ')).toBe('conv bn relu conv bn add conv bn add gap dense');
    expect(Object.keys(answer.places).sort()).toEqual(ops.map(({ path }) => path).sort());
    for (const { path, label, calls } of ops.filter(({ op }) => op === 'conv')) {
      const place = answer.places[path]!;
      expect(place.uri).toBe(document.uri);
      expect(document.textOf(place.range)).toBe(label);
      expect(place.calls).toHaveLength(calls.length);
    }
    expect(ops[3]!.calls).toEqual(['repeat #1']);
    expect(news).toContain(document.uri);
    expect(answer.score).toBe('current');

    const unknown = await client.connection.sendRequest(insight, { uri: document.uri, model: 'Other' });
    expect(unknown).toBeNull();
  });

  test('is marked after an edit, and comes back at once with undo', async () => {
    await using client = await TestClient.start({ settings: quick });
    const document = await client.open('tiny.arch', tiny);
    const first = await current(document);
    await document.replace('conv(8, 3x3)', 'conv(6, 3x3)');
    const between = await answerOf(document, 'Tiny', false);
    expect(between.state).toBe('absent');
    expect(between.insight).toEqual(first.insight);
    await document.replace('conv(6, 3x3)', 'conv(8, 3x3)');
    expect(await answerOf(document, 'Tiny', false)).toEqual(first);
  });

  test('is what hovers show, one line for each thing', async () => {
    await using client = await TestClient.start({ settings: quick });
    const document = await client.open('tiny.arch', tiny);
    await expectHover(document, 'conv', [/Fisher information: \*computing…\*/]);
    await current(document);
    const share = '`[█▏▎▍▌▋▊▉░]+` \\*\\*(?:< )?[\\d.]+ %\\*\\*';
    await expectHover(document, 'conv', [
      new RegExp(`Fisher information: ${share} ± (?:< )?[\\d.]+ % of the trace`),
      /deciles `[▁▂▃▄▅▆▇█·]{10}` most in the .* tenth \([\d.]+ %\) · entropy [−+]?\d\.\d{3} ± \d\.\d{3} without it/,
      /16 weights of 1 tensor sampled · sketch:1, N 64, P 11, M 16, S 2, seed 0 \(P: [^)]+\) · (onnx-cpu|tfjs-wasm)/,
    ]);
    await expectHover(
      document,
      'conv',
      [
        new RegExp(`${share} of the trace at 2 places \\((?:< )?[\\d.]+ % to (?:< )?[\\d.]+ % each\\)`),
        /without one of them/,
      ],
      'repeat',
    );
    await expectHover(document, 'relu', [/none of its own, it has no weights/]);

    await document.replace('dense(classes)', 'dense(classes) -> ]');
    await expectHover(document, 'conv', [/Fisher information \*\*\(stale\)\*\*/]);

    client.settings = { ...quick, hover: { contributions: false } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await client.until('a hover without contributions', async () => {
      const text = await expectHover(document, 'conv', [/Convolution/]);
      return text.includes('Fisher') ? undefined : true;
    });
  });
});

test('the tints of a document: shares of ops over their places, in five levels, and 0 without signal', async () => {
  await using client = await TestClient.start({ settings: quick });
  const text = tiny.replace('  gap', '  kept = relu\n  side = conv(2, 1x1)\n  kept -> gap');
  const document = await client.open('tiny.arch', text);
  const marks = await client.until('tints', async () => {
    const all = await client.connection.sendRequest(contributions, { uri: document.uri });
    return all === null || all.length === 0 ? undefined : all;
  });
  expect(marks.map(({ range }) => document.textOf(range))).toEqual([
    'conv(8, 3x3)',
    'bn',
    'conv(8, 1x1)',
    'bn',
    'conv(2, 1x1)',
    'dense(classes)',
  ]);
  expect(marks.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  expect(marks[4]).toMatchObject({ share: 0, level: 0 });
  const [most] = marks.toSorted((a, b) => b.share - a.share);
  expect(most!.level).toBe(5);
  for (const { share, level } of marks.filter(({ level: each }) => each > 0)) {
    const steps = [0.03, 0.1, 0.25, 0.5].filter((step) => share >= step * most!.share);
    expect(level).toBe(1 + steps.length);
  }
});

const silent = 'no-signal';

/** Waits until the diagnostics of a code are found. */
async function found(document: OpenDocument, code: string, count: number): Promise<readonly Diagnostic[]> {
  return await document.client.until(`${count} diagnostics ${code}`, () => {
    const all = document.client.diagnostics.get(document.uri)?.diagnostics ?? [];
    const own = all.filter((each) => each.code === code);
    return own.length === count ? own : undefined;
  });
}

describe('ops without signal', () => {
  test('an all-none cell is reported at its name, starved ops beside it', async () => {
    await using client = await TestClient.start({ settings: quick });
    const document = await client.open(
      'dead.arch',
      `cell Dead {
  0 -> 1: none
  0 -> 2: none   1 -> 2: skip_connect
}
model M {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> Dead -> conv(6, 1x1) -> gap -> dense(classes)
}
`,
    );
    const diagnostics = await found(document, silent, 3);
    expect(diagnostics.map(({ range }) => document.textOf(range))).toEqual(['Dead', 'bn', 'conv(6, 1x1)']);
    const [cell, before, behind] = diagnostics;
    expect(cell!.range.start.line).toBe(0);
    expect(cell!.message).toMatch(/No signal passes the cell `Dead`: every way .* is `none`/);
    expect(cell!.relatedInformation!.map(({ location }) => document.textOf(location.range))).toEqual([
      'none',
      'none',
      'Dead',
    ]);
    expect(before!.message).toMatch(
      /^No signal passes `bn` and 1 op before it: their gradients are always 0\. Every way to the output is blocked by `none` in `Dead`/,
    );
    expect(behind!.message).toMatch(/What goes in is 0, because of `none` in `Dead`/);
    expect(before!.relatedInformation!.map(({ location }) => location.range.start.line)).toEqual([1, 2, 7]);
    // The bias of the classifier learns even so.
    expect(document.textOf(behind!.range)).not.toContain('dense');
  });

  test('a dead branch is reported at its ops, with its end; repaired, it is gone', async () => {
    await using client = await TestClient.start({ settings: quick });
    const document = await client.open(
      'branch.arch',
      `model M {
  input 8x8x3
  classes 4
  trunk = conv(8, 3x3)
  side = conv(8, 1x1) -> relu
  trunk -> gap -> dense(classes)
}
`,
    );
    const [only] = await found(document, silent, 1);
    expect(document.textOf(only!.range)).toBe('conv(8, 1x1)');
    expect(only!.message).toMatch(/Nothing uses what comes out: the branch ends at `relu`/);
    expect(document.textOf(only!.relatedInformation![0]!.location.range)).toBe('relu');
    await document.replace('trunk -> gap', 'trunk -> add(side) -> gap');
    await found(document, silent, 0);
  });

  test('have a severity of the user, move with the text, can be ignored in place', async () => {
    const settings = { ...quick, diagnostics: { severity: { [silent]: 'error' } } };
    await using client = await TestClient.start({ settings });
    const document = await client.open(
      'gate.arch',
      `model M {
  input 8x8x3
  classes 4
  trunk = conv(4, 1x1)
  gate = none
  trunk -> conv(4, 3x3) -> mul(gate) -> add(trunk) -> gap -> dense(classes)
}
`,
    );
    const [only] = await found(document, silent, 1);
    expect(only!.severity).toBe(DiagnosticSeverity.Error);
    expect(document.textOf(only!.range)).toBe('conv(4, 3x3)');
    expect(only!.message).toMatch(/Every way to the output is blocked by `none`/);
    await document.edit(0, 0, '// a line\n');
    await document.diagnostics();
    expect(await found(document, silent, 1)).toMatchObject([{ range: { start: { line: 6 } } }]);
    await document.replace('dense(classes)\n', 'dense(classes) // archlens: ignore no-signal\n');
    await found(document, silent, 0);
  });

  test('what the linter has found in a cell is not said again', async () => {
    await using client = await TestClient.start({ settings: quick });
    const document = await client.open(
      'half.arch',
      `cell Half {
  0 -> 1: nor_conv_3x3
  0 -> 2: skip_connect   1 -> 2: none
}
model M {
  input 8x8x3
  classes 4
  side = conv(4, 1x1)
  Half
  x = conv(4, 3x3)
  side -> gap -> dense(classes)
}
`,
    );
    const diagnostics = await found(document, silent, 1);
    expect(diagnostics.map(({ range }) => document.textOf(range))).toEqual(['conv(4, 3x3)']);
    expect(document.client.diagnostics.get(document.uri)?.diagnostics.map(({ code }) => code)).toContain(
      'dead-edge',
    );
  });
});

test('logits that explode and a softmax that saturates are told once they are measured', async () => {
  const settings = { ...quick, diagnostics: { severity: { 'saturated-softmax': 'warning' } } };
  await using client = await TestClient.start({ settings });
  const document = await client.open(
    'loud.arch',
    `model Loud {
  input 8x8x3
  classes 4
  conv(8, 3x3)
  repeat 24 { residual { conv(8, 3x3) -> conv(8, 3x3) } }
  gap -> dense(classes)
}
`,
  );
  await expectLens(document, 'Loud', /^VKDNW \d\.\d{3} ± /);
  const [exploding] = await found(document, 'exploding-logits', 1);
  const [saturated] = await found(document, 'saturated-softmax', 1);
  expect(document.textOf(exploding!.range)).toBe('dense(classes)');
  expect(exploding!.severity).toBe(DiagnosticSeverity.Information);
  expect(exploding!.message).toMatch(/root mean square \d\.\d·10[⁰¹²³⁴-⁹]+/);
  expect(saturated!.severity).toBe(DiagnosticSeverity.Warning);
  expect(saturated!.message).toMatch(/largest probability is (100|99(\.\d)?) % on average/);
  await document.replace('repeat 24', 'repeat 1');
  await expectLens(document, 'Loud', /^VKDNW \d\.\d{3} ± /);
  await found(document, 'exploding-logits', 0);
  await found(document, 'saturated-softmax', 0);
});
