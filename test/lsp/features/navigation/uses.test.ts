import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
} from 'vscode-languageserver-protocol/node';
import { TestClient } from '../../support/client.ts';
import { openAt } from '../../support/language.ts';

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({
    settings: { score: { onType: false } },
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
      textDocument: { publishDiagnostics: { versionSupport: true } },
    },
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

const head =
  'block Part(out, stride = 1) { conv(out, 3x3, stride = stride) }\nmodel M { input 8x8x3 classes 10 ';

test('highlights tell where a name is declared', async () => {
  const { document, position } = await openAt(client, `${head} let w = 8 conv(w‸, 3x3) -> -> }`);
  const found = await client.connection.sendRequest(DocumentHighlightRequest.type, {
    textDocument: { uri: document.uri },
    position,
  });
  expect(found?.map(({ kind }) => kind)).toEqual([3, 2]);
});

test('paths of imports are links', async () => {
  await client.write('linked.arch', 'block A() { bn }\n');
  const document = await client.open(
    'linking.arch',
    'import { A } from "./linked.arch"\nimport { B } from "./missing.arch"\nmodel {',
  );
  const links = await client.connection.sendRequest(DocumentLinkRequest.type, {
    textDocument: { uri: document.uri },
  });
  expect(links?.map(({ range, target }) => [document.textOf(range), target])).toEqual([
    ['./linked.arch', client.uri('linked.arch')],
  ]);
});

test('the call hierarchy leads through blocks, files and broken text', async () => {
  await client.write('lib.arch', 'block Leaf(n) { conv(n, 3x3) }\nblock Twig(n) { Leaf(n) -> Leaf(n) }\n');
  await client.write(
    'net.arch',
    'import { Leaf, Twig } from "./lib.arch"\nmodel Net { input 8x8x3 classes 10 Twig(8) -> Leaf(8) -> gap -> dense(classes) }\nmodel Broken { Twig(8) -> \n',
  );
  const { document, position } = await openAt(
    client,
    'block Le‸af(n) { conv(n, 3x3) }\nblock Twig(n) { Leaf(n) -> Leaf(n) }\n',
    'lib.arch',
  );
  const [leaf] =
    (await client.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: document.uri },
      position,
    })) ?? [];
  expect(leaf).toMatchObject({ name: 'Leaf', detail: 'Leaf(n)' });
  const incoming = await client.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, {
    item: leaf!,
  });
  expect(incoming?.map(({ from, fromRanges }) => [from.name, fromRanges.length])).toEqual(
    expect.arrayContaining([
      ['Twig', 2],
      ['Net', 1],
    ]),
  );
  const twig = incoming!.find(({ from }) => from.name === 'Twig')!.from;
  const callers = await client.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: twig });
  expect(callers?.map(({ from }) => from.name).sort()).toEqual(['Broken', 'Net']);
  const outgoing = await client.connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, {
    item: twig,
  });
  expect(outgoing?.map(({ to, fromRanges }) => [to.name, fromRanges.length])).toEqual([['Leaf', 2]]);
  const none = await openAt(client, 'let w‸ = 1\n');
  expect(
    await client.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: none.document.uri },
      position: none.position,
    }),
  ).toBeNull();
  await document.close();
});
