import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { latency } from './editor.ts';
import { measurementTable, type Table } from '../report.ts';

const resultSchema = v.object({ heaviest: v.array(v.number()), resnet20: v.array(v.number()) });

/**
 * In the workbench with the packaged extension: from a keystroke to the lens of the text as it then is. The session runs
 * from its source, since it packages the extension and drives a browser.
 *
 * @param root of the checkout
 */
export async function benchWorkbench(root: string, repetitions: number): Promise<Table[]> {
  const child = spawn(
    process.execPath,
    [join(root, 'bench/editor/workbench/session.ts'), String(repetitions)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0) {
    process.stderr.write(`The editor is not measured: ${/^\w*Error: .*$/m.exec(errors)?.[0] ?? errors}\n`);
    return [];
  }
  const { heaviest, resnet20 } = v.parse(resultSchema, JSON.parse(output.trim().split('\n').at(-1) ?? ''));
  return [
    measurementTable('VS Code’s workbench and extension host in a browser, packaged extension', [
      latency('keystroke to fresh lens, heaviest NAS-Bench-201 network', heaviest, 700),
      latency('keystroke to fresh lens, resnet20', resnet20, 500),
    ]),
  ];
}
