// onnxruntime's own telemetry: nothing can load the library without switching it off.
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const telemetry = new URL('../../server/engine/onnx/telemetry.ts', import.meta.url).href;

test('one file imports onnxruntime', () => {
  const files = globSync('{client,server,grammar,bench,scripts,test}/**/*.{ts,tsx,mjs,cjs,js}', {
    cwd: root,
  });
  expect(files.length).toBeGreaterThan(300);
  const loading = files.filter((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(resolve(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
    );
    return loads(source);
  });
  expect(loading).toEqual(['server/engine/onnx/runtime.ts']);
});

const library = /^onnxruntime-\w+(\/|$)/;

/** Whether code loads the library; imports of its types are erased. */
function loads(node: ts.Node): boolean {
  const named = (module: ts.Node | undefined): boolean =>
    module !== undefined && ts.isStringLiteralLike(module) && library.test(module.text);
  if (ts.isImportDeclaration(node))
    return named(node.moduleSpecifier) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier) && !node.isTypeOnly;
  if (ts.isCallExpression(node) && named(node.arguments[0])) return true;
  return ts.forEachChild(node, loads) ?? false;
}

/** What a thread with this environment says when it is to load the library. */
async function inThread(env: NodeJS.ProcessEnv): Promise<unknown> {
  const worker = new Worker(
    `import(${JSON.stringify(telemetry)}).then((module) => module.disableTelemetry())`,
    {
      eval: true,
      env,
    },
  );
  return await once(worker, 'exit').catch((error: unknown) => error);
}

test('a thread does not load it unless the process, whose environment counts, has switched it off', async () => {
  expect(String(await inThread({}))).toMatch(/^Error: onnxruntime is not loaded: /);
  expect(await inThread({ ORT_DISABLE_TELEMETRY: '0' })).toBeInstanceOf(Error);
  expect(await inThread({ ORT_DISABLE_TELEMETRY: '1' })).toEqual([0]);
});

test('what the user has set does not switch it on', async () => {
  const { disableTelemetry } = (await import(telemetry)) as { disableTelemetry: () => void };
  process.env['ORT_DISABLE_TELEMETRY'] = '0';
  disableTelemetry();
  expect(process.env['ORT_DISABLE_TELEMETRY']).toBe('1');
});
